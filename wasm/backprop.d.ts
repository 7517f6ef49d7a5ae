/**
 * What bindings.cpp gives: the module that Emscripten makes, seen from classes.js, session.js and
 * ensemble.js. Single numbers go to and fro as they are, several of them through the tray: what a
 * function takes is put there before, and one that gives several says how many lie there.
 */
export interface NativeModule {
  /** Makes room for so many numbers in the tray, and gives its address. */
  room(count: number): number;
  /** The address of what lies in the tray. */
  given(): number;

  /** Takes a plan, as decode.h lays it out; gives the session's address. */
  open(): number;
  close(session: number): void;
  /** Takes edits, as a plan begins with them. */
  setEdits(session: number): void;
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
  /** Gives a count, so many epochs, losses and, where there are any, test losses. */
  history(session: number): number;
  /** Takes rows of inputs, gives rows of outputs. */
  predict(session: number): number;
  /** Takes rows of inputs, gives for each layer a count and its rows. */
  activations(session: number): number;
  inputs(session: number): number;
  /** Gives the columns of inputs and targets, the rows for training and testing, and these rows. */
  dataset(session: number): number;
  parameters(session: number): number;
  /** Takes the parameters. */
  setParameters(session: number): void;
  gradient(session: number): number;
  /** Takes rows of parameters. */
  lossAt(session: number): number;
  /** Gives for each intermediate its quantity, layer, rows, columns, and its values. */
  trace(session: number): number;
  /** Gives the greatest error, the analytic gradient and the numeric one. */
  gradientCheck(session: number): number;
  /** Gives the upper and the lower half. */
  digest(session: number): number;

  /** Takes so many seeds, and a plan. */
  openEnsemble(seeds: number): number;
  closeEnsemble(ensemble: number): void;
  trainEnsemble(ensemble: number, epochs: number): number;
  sizeOfEnsemble(ensemble: number): number;
  epochOfEnsemble(ensemble: number): number;
  epochOfMember(ensemble: number, member: number): number;
  memberDiverged(ensemble: number, member: number): boolean;
  losses(ensemble: number): number;
  /** Takes rows of inputs. */
  predictAll(ensemble: number): number;
  inputsOfEnsemble(ensemble: number): number;
  parametersOfMember(ensemble: number, member: number): number;
}

export default function createModule(options: {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  locateFile(name: string): string;
  printErr(text: string): void;
}): Promise<NativeModule>;
