// The parts of the playground, and the catalog that their menus are made from: a file of its own
// where the site is split.
import { catalogJson } from 'virtual:backprop-catalog';
import { dataPart, dataStyles } from '../views/playground/data.js';
import { fieldStyles } from '../views/playground/fields.js';
import { frameStyles } from '../views/playground/frame.js';
import { layersPart, layersStyles } from '../views/playground/layers.js';
import { mapTools, mapToolsStyles } from '../views/playground/map-tools.js';
import {
  networkTools,
  networkToolsStyles,
  unitInLarge,
} from '../views/playground/network-tools.js';
import { pointsEditorStyles, pointsOverlay } from '../views/playground/points-editor.js';
import { toolbarPart, toolbarStyles } from '../views/playground/toolbar.js';
import { trainingPart, trainingStyles } from '../views/playground/training.js';
import { watchPart, watchStyles } from '../views/playground/watch.js';
import { weightStyles } from '../views/playground/weight-field.js';

/** @type {Record<string, import('./figure.js').LatePart>} */
export const parts = {
  toolbar: toolbarPart,
  data: dataPart,
  layers: layersPart,
  training: trainingPart,
  watch: watchPart,
};

/** @type {import('./figure.js').Tools} */
export const tools = { networkTools, unitInLarge, mapTools };

export const overlay = pointsOverlay;

/** @type {import('../state/types.js').Catalog} */
export const catalog = JSON.parse(catalogJson);

export { Datasets } from '../engine/datasets.js';

export const partStyles = [
  ...dataStyles,
  pointsEditorStyles,
  layersStyles,
  networkToolsStyles,
  weightStyles,
  watchStyles,
  mapToolsStyles,
  fieldStyles,
  trainingStyles,
  toolbarStyles,
  frameStyles,
];
