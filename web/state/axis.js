// The axis of epochs, from 0 to its end: even, or logarithmic (of epoch + 1, so that 0 has a place).

/** @typedef {'linear' | 'log'} Scale */

/**
 * Where an epoch stands on the axis, 0 to 1.
 * @param {number} epoch
 * @param {number} end
 * @param {Scale} scale
 */
export function fractionOf(epoch, end, scale) {
  const fraction = scale === 'log' ? Math.log1p(epoch) / Math.log1p(end) : epoch / end;
  return Math.min(1, Math.max(0, fraction));
}

/**
 * The epoch at a place on the axis; not rounded.
 * @param {number} fraction 0 to 1
 * @param {number} end
 * @param {Scale} scale
 */
export function valueAt(fraction, end, scale) {
  return scale === 'log' ? Math.expm1(fraction * Math.log1p(end)) : fraction * end;
}

/**
 * The next stop from an epoch on: one further on the even axis; 1, 2 … 9, 10, 20 … on the other.
 * @param {number} epoch
 * @param {1 | -1} direction
 * @param {number} end
 * @param {Scale} scale
 */
export function nextStop(epoch, direction, end, scale) {
  const unit = scale === 'log' ? unitOf(epoch, direction) : 1;
  const steps = direction > 0 ? Math.floor(epoch / unit) + 1 : Math.ceil(epoch / unit) - 1;
  return Math.min(end, Math.max(0, steps * unit));
}

/**
 * The power of ten that leads away from an epoch.
 * @param {number} epoch
 * @param {1 | -1} direction
 */
function unitOf(epoch, direction) {
  if (epoch < 1) return 1;
  const unit = 10 ** Math.floor(Math.log10(epoch));
  return direction < 0 && epoch === unit ? Math.max(1, unit / 10) : unit;
}

/**
 * Round values in a range, about as many as asked for.
 * @param {number} low
 * @param {number} high
 * @param {number} about
 */
export function ticks(low, high, about) {
  const step = roundStep((high - low) / Math.max(1, about));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/**
 * 1, 2, 2.5 or 5 times a power of ten, at least as large as asked for.
 * @param {number} size
 */
export function roundStep(size) {
  const unit = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 2.5, 5, 10].find((f) => f * unit >= size * (1 - 1e-9)) ?? 10;
  return factor * unit;
}

/**
 * Ticks of the axis of epochs.
 * @param {number} end
 * @param {Scale} scale
 * @param {number} about how many there is room for
 */
export function epochTicks(end, scale, about) {
  if (scale === 'linear') return ticks(0, end, Math.min(about, end)).filter(Number.isInteger);
  const decades = Math.floor(Math.log10(end) + 1e-9);
  const every = Math.ceil((decades + 1) / Math.max(1, about - 1));
  return [0, ...powersOfTen(0, decades, every)];
}

/**
 * @param {number} first exponent
 * @param {number} last exponent
 * @param {number} every
 */
export function powersOfTen(first, last, every) {
  const powers = [];
  for (let exponent = first; exponent <= last; exponent += every)
    powers.push(Number(`1e${exponent}`));
  return powers;
}
