// The element as others load it: the one file that does something when it is imported.
import { BackpropDemo } from '../element/backprop-demo.js';
import { defineBackpropDemo } from '../element/define.js';

defineBackpropDemo();

export { BackpropDemo };
