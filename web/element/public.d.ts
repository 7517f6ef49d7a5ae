/** `<backprop-demo>` as its users see it. */

export interface BackpropDemoElement {
  /** overview, network, predictions, loss, gradient-check, seeds, landscape, controls; several are separated by spaces */
  view: string;
  /** an experiment, or JSON that describes one; what is left out is the default's */
  experiment: object;
  /** the epoch that is shown; setting it goes there */
  epoch: number;
  theme: string;
  /** elements with the same name share one run */
  group: string;
  autoplay: boolean;
  /** how many steps of the epoch have been taken; above 0 only with mini-batches */
  readonly stepOfEpoch: number;
  readonly loss: number;
  readonly diverged: boolean;
  readonly playing: boolean;
  /** resolved when the element answers, also after a refused experiment */
  readonly ready: Promise<void>;
  play(): Promise<void>;
  pause(): Promise<void>;
  step(epochs?: number): Promise<void>;
  /** to an epoch, and with mini-batches to a step within it */
  seek(epoch: number, step?: number): Promise<void>;
  reset(): Promise<void>;
}
