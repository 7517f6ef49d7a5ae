import { BackpropDemo } from './backprop-demo.js';

/** Defines `<backprop-demo>`, once, however often the file is loaded. */
export function defineBackpropDemo() {
  if (!customElements.get('backprop-demo')) customElements.define('backprop-demo', BackpropDemo);
}
