// The parts of the playground: a file of its own where the site is split.
import { fieldStyles } from '../views/playground/fields.js';
import { frameStyles } from '../views/playground/frame.js';
import { toolbarPart, toolbarStyles } from '../views/playground/toolbar.js';
import { trainingPart, trainingStyles } from '../views/playground/training.js';

/** @type {Record<string, import('./figure.js').LatePart>} */
export const parts = {
  toolbar: toolbarPart,
  training: trainingPart,
};

export const partStyles = [fieldStyles, trainingStyles, toolbarStyles, frameStyles];
