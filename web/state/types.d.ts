/** What a run is, and what the engine says about it: the plain data that everything draws. */

export interface Layer {
  units: number;
  activation: string;
}

/** The experiment of the package's contract; `complete` fills in what is left out. */
export interface Experiment {
  data: { kind: string; [setting: string]: unknown };
  layers: Layer[];
  loss: string;
  initializer: { kind: string; seed?: number; [setting: string]: unknown };
  optimizer: { kind: string; learningRate?: number; [setting: string]: unknown };
  epochs: number;
  [field: string]: unknown;
}

/** What does not change while a run is trained. */
export interface RunInfo {
  /** how many numbers a row has */
  inputs: number;
  /** what the network is given of a row: its numbers, or features of them */
  names: string[];
  outputs: number;
  layers: Layer[];
  /** rows of the training set; `samples` holds the first of them */
  rowCount: number;
  samples: { inputs: number[][]; targets: number[][] };
  parameterCount: number;
  /** the part of the input plane that is drawn; only where a row has two numbers */
  plane?: Plane;
}

export interface Plane {
  x: [number, number];
  y: [number, number];
}

/** The values of one unit over the input plane, row by row from the bottom, `size` by `size`. */
export interface UnitMap {
  size: number;
  values: Float32Array;
}

/** A layer's numbers as far as they are drawn: its first units, from the first units below. */
export interface ShownLayer {
  /** [fanIn, fanOut] */
  weights: Float64Array;
  biases: Float64Array;
  fanIn: number;
  fanOut: number;
  maps?: UnitMap[];
}

/** What a viewer looks at, beside the numbers that every snapshot has. */
export interface Looks {
  units?: boolean;
  /** which output is mapped */
  output?: number;
  digest?: boolean;
  hidden?: boolean;
  /** every array of one step */
  trace?: boolean;
}

/** An array of a step, as the package's `trace()` gives it: [rows, cols], row-major. */
export interface TraceArray {
  name: string;
  rows: number;
  cols: number;
  values: Float64Array;
}

/** A run at one epoch. */
export interface Snapshot {
  epoch: number;
  loss: number;
  diverged: boolean;
  /** the run ends here: it has diverged or met its stop condition */
  ended: boolean;
  /** [samples, outputs] */
  predictions: Float64Array;
  layers: ShownLayer[];
  output?: UnitMap & { index: number };
  /** the first layer's activations, [samples, units] */
  hidden?: Float64Array;
  digest?: string;
  trace?: TraceArray[];
}

export interface History {
  epochs: Float64Array;
  losses: Float64Array;
  /** whether it reaches as far as the run is meant to be */
  complete: boolean;
  /** how long the training took */
  milliseconds: number;
}

export interface Problem {
  message: string;
  path: string;
}
