/**
 * Goes to a link's step within its epoch, when the figure answers.
 * @param {import('./backprop-demo.js').BackpropDemo} figure
 * @param {import('../state/permalink.js').Permalink} link
 * @returns {Promise<string>} what is wrong with the step; may be empty
 */
export async function goWithin(figure, { epoch = 0, step = 0 }) {
  if (step === 0) return '';
  await customElements.whenDefined(figure.localName);
  await figure.ready;
  try {
    await figure.seek(epoch, step);
    return '';
  } catch (error) {
    return `${/** @type {Error} */ (error).message} The epoch’s beginning is shown instead.`;
  }
}
