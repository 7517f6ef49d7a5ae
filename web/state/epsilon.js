// ε, the distance of the gradient check's differences: a power of ten's worth of sizes.

/** From 1e-15 to 1. */
export const LEAST_POWER = -15;
const LEAST = 1e-15;

/**
 * What rounding makes of the relative error: half a unit in the last place of the loss, for losses
 * are computed in doubles, over the rise of the tangent.
 * @param {{ loss: number, gradient: number }} check
 * @param {number} epsilon
 */
export function roundingError({ loss, gradient }, epsilon) {
  return (2 ** -53 * Math.abs(loss)) / (epsilon * Math.abs(gradient));
}

/**
 * Reads an ε that somebody has typed.
 * @param {string} text
 * @returns {{ epsilon?: number, problem?: string }}
 */
export function parseEpsilon(text) {
  const epsilon =
    text.trim() === '' ? Number.NaN : Number(text.replace(',', '.').replace('−', '-'));
  if (epsilon >= LEAST && epsilon <= 1) return { epsilon };
  return { problem: `ε must be a number from 1e-15 to 1, not “${text.trim()}”.` };
}

/**
 * As it is typed: 0.5, 1e-7.
 * @param {number} epsilon
 */
export function writeEpsilon(epsilon) {
  return epsilon >= 1e-4 ? String(epsilon) : epsilon.toExponential();
}
