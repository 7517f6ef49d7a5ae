/** What bindings.cpp gives: the module that Emscripten makes, seen from index.js, session.js and ensemble.js. */

export interface Reading {
  refused(): boolean;
  message(): string;
  path(): string;
  open(): NativeSession;
  edit(session: NativeSession): boolean;
  openEnsemble(seeds: Float64Array): NativeEnsemble;
  delete(): void;
}

export interface NativeSession {
  train(epochs: number): number;
  seek(epoch: number): void;
  reset(): void;
  epoch(): number;
  diverged(): boolean;
  stopped(): boolean;
  loss(): number;
  testLoss(): number;
  accuracy(): number;
  testAccuracy(): number;
  history(): { epochs: Float64Array; losses: Float64Array; testLosses?: Float64Array };
  predict(inputs: Float64Array): Float64Array;
  activations(inputs: Float64Array): Float64Array[];
  inputs(): number;
  outputs(): number;
  dataset(): {
    inputColumns: number;
    targetColumns: number;
    inputs: Float64Array;
    targets: Float64Array;
    testInputs: Float64Array;
    testTargets: Float64Array;
  };
  parameters(): Float64Array;
  setParameters(parameters: Float64Array): void;
  gradient(): Float64Array;
  lossAt(rows: Float64Array): Float64Array;
  trace(): { name: string; rows: number; cols: number; values: Float64Array }[];
  gradientCheck(): { maxRelativeError: number; analytic: Float64Array; numeric: Float64Array };
  digest(): string;
  delete(): void;
}

export interface NativeEnsemble {
  train(epochs: number): number;
  size(): number;
  epoch(): number;
  epochOf(member: number): number;
  diverged(member: number): boolean;
  losses(): Float64Array;
  predict(inputs: Float64Array): Float64Array;
  inputs(): number;
  parameters(member: number): Float64Array;
  delete(): void;
}

export interface NativeModule {
  Reading: new (stream: Float64Array) => Reading;
  catalogJson(): string;
}

export default function createModule(options: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  locateFile(name: string): string;
  printErr(text: string): void;
}): Promise<NativeModule>;
