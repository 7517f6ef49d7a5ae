/** What bindings.cpp gives: the module that Emscripten makes, seen from classes.js, session.js and ensemble.js. */

/** A session's or an ensemble's address, an answer, or why an experiment is none. */
export type Made = number | boolean | { message: string; path: string };

export interface NativeModule {
  open(stream: Float64Array): Made;
  close(session: number): void;
  edit(session: number, stream: Float64Array): Made;
  train(session: number, epochs: number): number;
  trainSteps(session: number, steps: number): number;
  seek(session: number, epoch: number): void;
  reset(session: number): void;
  epoch(session: number): number;
  stepOfEpoch(session: number): number;
  stepsPerEpoch(session: number): number;
  diverged(session: number): boolean;
  stopped(session: number): boolean;
  loss(session: number): number;
  testLoss(session: number): number;
  accuracy(session: number): number;
  testAccuracy(session: number): number;
  history(session: number): {
    epochs: Float64Array;
    losses: Float64Array;
    testLosses?: Float64Array;
  };
  predict(session: number, inputs: Float64Array): Float64Array;
  activations(session: number, inputs: Float64Array): Float64Array[];
  inputs(session: number): number;
  dataset(session: number): {
    inputColumns: number;
    targetColumns: number;
    inputs: Float64Array;
    targets: Float64Array;
    testInputs: Float64Array;
    testTargets: Float64Array;
  };
  parameters(session: number): Float64Array;
  setParameters(session: number, parameters: Float64Array): void;
  gradient(session: number): Float64Array;
  lossAt(session: number, rows: Float64Array): Float64Array;
  trace(session: number): { name: string; rows: number; cols: number; values: Float64Array }[];
  gradientCheck(session: number): {
    maxRelativeError: number;
    analytic: Float64Array;
    numeric: Float64Array;
  };
  digest(session: number): string;

  openEnsemble(stream: Float64Array, seeds: Float64Array): Made;
  closeEnsemble(ensemble: number): void;
  trainEnsemble(ensemble: number, epochs: number): number;
  sizeOfEnsemble(ensemble: number): number;
  epochOfEnsemble(ensemble: number): number;
  epochOfMember(ensemble: number, member: number): number;
  memberDiverged(ensemble: number, member: number): boolean;
  losses(ensemble: number): Float64Array;
  predictAll(ensemble: number, inputs: Float64Array): Float64Array;
  inputsOfEnsemble(ensemble: number): number;
  parametersOfMember(ensemble: number, member: number): Float64Array;
}

export default function createModule(options: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  locateFile(name: string): string;
  printErr(text: string): void;
}): Promise<NativeModule>;
