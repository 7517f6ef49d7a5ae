// Ctrl+Z or ⌘Z takes a change back, with Shift it is made again. In a text field these keys are the
// browser's own.

const TEXT_FIELD =
  'textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])';

/**
 * What a key that was pressed in a figure asks for, if it is one of these.
 * @param {KeyboardEvent} event
 * @returns {'undo' | 'redo' | undefined}
 */
export function askedBy(event) {
  const [target] = event.composedPath();
  if (event.key.toLowerCase() !== 'z' || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  if (event.defaultPrevented || /** @type {Element} */ (target).matches(TEXT_FIELD)) return;
  return event.shiftKey ? 'redo' : 'undo';
}
