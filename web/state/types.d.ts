/** What a run is, and what the engine says about it: the plain data that everything draws. */

export interface Layer {
  units: number;
  activation: string;
}

/** What a hand changed on the way, before the step of its epoch. */
export interface Edit {
  epoch: number;
  learningRate?: number;
  parameter?: number;
  value?: number;
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

/** Every name that works, as the package's `catalog()` gives it. */
export interface Catalog {
  activations: CatalogEntry[];
  losses: CatalogEntry[];
  optimizers: CatalogEntry[];
  schedules: CatalogEntry[];
  initializers: CatalogEntry[];
  data: CatalogEntry[];
  features: CatalogEntry[];
  precisions: CatalogEntry[];
  /** settings of the experiment itself, of a layer, and so on */
  experiment: Setting[];
  layer: Setting[];
  regularization: Setting[];
  stop: Setting[];
  edit: Setting[];
  defaults: Record<string, unknown>;
}

export interface CatalogEntry {
  name: string;
  formula?: string;
  derivative?: string;
  description: string;
  settings: Setting[];
}

export interface Setting {
  name: string;
  type: 'number' | 'integer' | 'boolean';
  /** null: no end */
  minimum: number | null;
  maximum: number | null;
  minimumExcluded: boolean;
  maximumExcluded: boolean;
  /** null: not set unless given */
  default: number | boolean | null;
  description: string;
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
  /** the test set, where there is one: how many rows, and the first of them */
  tests?: { count: number; inputs: number[][]; targets: number[][] };
  parameterCount: number;
  /** the optimizer's updates in an epoch: its mini-batches, or 1 */
  stepsPerEpoch: number;
  /** the part of the input plane that is drawn; only where a row has two numbers */
  plane?: Plane;
  /** the part of the axis that is drawn; only where a row has one number */
  line?: [number, number];
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
  /** the trace and what the epoch makes of the parameters, where the network is small enough; both from its beginning */
  step?: boolean;
  /** the gradient check, and what its run is asked */
  check?: boolean;
  question?: Question;
  /** what is watched while a run trains, on all its rows */
  watch?: boolean;
  /** which output is the largest, over the plane */
  classes?: boolean;
  /** a row of one or two numbers whose outputs are asked for */
  point?: number[];
}

/** What the gradient check is asked. */
export interface Question {
  /** index in the flat parameters */
  parameter: number;
  /** the distance of the differences */
  epsilon: number;
  /** the name of a mistake, or `none` */
  mistake: string;
}

/** An array of a step, as the package's `trace()` gives it: [rows, cols], row-major. */
export interface TraceArray {
  name: string;
  rows: number;
  cols: number;
  values: Float64Array;
}

/** A run at one epoch, or within it. */
export interface Snapshot {
  epoch: number;
  /** how many steps of the epoch have been taken: 0 up to stepsPerEpoch - 1 */
  step: number;
  loss: number;
  diverged: boolean;
  /** the run ends here: it has diverged or met its stop condition */
  ended: boolean;
  /** [samples, outputs] */
  predictions: Float64Array;
  layers: ShownLayer[];
  output?: UnitMap & { index: number };
  /** an output along the line, at even distances from end to end */
  curve?: { index: number; values: Float32Array };
  /** the loss of the test set, where there is one */
  testLoss?: number;
  /** the largest output's index over the plane, as the map of an output */
  classes?: { size: number; values: Uint16Array };
  /** a point that was asked for, and the outputs there; y only where a row has two numbers */
  point?: { x: number; y?: number; outputs: Float64Array };
  watch?: Watch;
  /** the first layer's activations, [samples, units] */
  hidden?: Float64Array;
  digest?: string;
  trace?: TraceArray[];
  /** the parameters after the next epoch, flat; none where the run ends */
  next?: Float64Array;
  check?: GradientCheck;
  broken?: BrokenCheck;
}

/** What is watched while a run trains; it may be some epochs old where reading it out takes long. */
export interface Watch {
  epoch: number;
  /** shares of right rows; NaN for regression, and of tests where there are none */
  accuracy: number;
  testAccuracy: number;
  /** by layer: the Euclidean norm of the gradient of its weights and biases, on all training rows */
  gradients: number[];
  /** of all weights, then by layer */
  weights: Histogram[];
  /** by hidden layer: relu units that are above 0 on no training row, and saturated ones, by index */
  units: { dead: number[]; saturated: number[] }[];
  /** rows by class and by predicted class: [size, size]; none for regression or many classes */
  confusion?: { size: number; training: Uint32Array; test?: Uint32Array };
}

/** How many of some weights lie between k steps and k + 1, from k = `first` on. */
export interface Histogram {
  count: number;
  mean: number;
  deviation: number;
  low: number;
  high: number;
  step: number;
  first: number;
  counts: Uint32Array;
}

/** The gradient beside central differences, (L(w + ε) − L(w − ε)) / 2ε. */
export interface GradientCheck {
  /** the chosen parameter */
  parameter: number;
  value: number;
  epsilon: number;
  /** the loss with its penalty: here, and at even distances from −`reach` to +`reach` */
  loss: number;
  reach: number;
  around: number[];
  minus: number;
  plus: number;
  gradient: number;
  /** relative errors of its gradient by ε */
  epsilons: Float64Array;
  errors: Float64Array;
  /** the parameters of the table: index, value, and both gradients */
  indices: number[];
  values: number[];
  analytic: number[];
  numeric: number[];
  /** what the session's own check of all parameters says; NaN where that would take too long */
  maxRelativeError: number;
}

/** The backward pass of the post's program with a mistake, beside differences. */
export interface BrokenCheck {
  mistake: string;
  outputs: number;
  seed: number;
  rate: number;
  epoch: number;
  /** in the order of the steps */
  steps: { array: string; rows: number; cols: number; error: number; isWrong: boolean }[];
}

/** The post's program trained as it is, and with a mistake. */
export interface BrokenCurves {
  mistake: string;
  truth: Curve;
  broken: Curve;
  /** the hidden activations after the last epoch, [samples, units] */
  hidden: Float64Array;
}

export interface Curve {
  epochs: Float64Array;
  losses: Float64Array;
}

export interface History extends Curve {
  /** where there is a test set */
  testLosses?: Float64Array;
  /** whether it reaches as far as the run is meant to be */
  complete: boolean;
  /** how long the training took */
  milliseconds: number;
}

/** A run that is kept to be compared with others. */
export interface KeptRun {
  /** A, B, … */
  name: string;
  /** as it was given, and complete */
  given: Record<string, unknown>;
  experiment: Experiment;
  history: History;
}

export interface Problem {
  message: string;
  path: string;
}

/** Row after row, training and test rows in the order of their generator. */
export interface Dataset {
  inputColumns: number;
  targetColumns: number;
  inputs: Float64Array;
  targets: Float64Array;
}

/** How a run stands at its end. */
export interface Standing {
  info: RunInfo;
  epoch: number;
  rate?: number;
  loss: number;
  /** [samples, outputs] */
  outputs: Float64Array;
  /** the last hidden layer's activations, [samples, units] */
  hidden: Float64Array;
  /** the output layer's weights [units, outputs], then its biases */
  weights: Float64Array;
  /** the largest entry of the gradient, without its sign */
  gradient: number;
  /** after ten times as many epochs; left out where that would take long */
  later?: { epoch: number; loss: number };
}

/** The loss on a plane through the path of a run. */
export interface Landscape {
  x: [number, number];
  y: [number, number];
  /** cells along a side */
  size: number;
  /** row by row from the bottom */
  losses: Float64Array;
  /** the run's own losses, and where it comes to lie on the plane */
  path: { epochs: number[]; losses: number[]; x: number[]; y: number[] };
  /** of the path's variance, along the two directions; only where they are the principal ones */
  shares?: [number, number];
}
