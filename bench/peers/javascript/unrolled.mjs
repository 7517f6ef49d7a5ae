// The post's step unrolled by hand: bench/limit/xor_limit.mjs.
import { trainXor } from '../../limit/xor_limit.mjs';

export async function open() {
  const create = async (
    /** @type {string} */ _name,
    /** @type {() => Promise<import('./workload.mjs').Workload>} */ read,
  ) => {
    const { rate, parameters } = await read();
    return {
      run: (/** @type {number} */ epochs) => trainXor(parameters, rate, epochs),
      loss: () => trainXor(parameters.slice(), rate, 1), // before the step of one more epoch
    };
  };
  return { version: '', create };
}
