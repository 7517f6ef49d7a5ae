/** Why an experiment is refused. */
export class ExperimentError extends Error {
  /**
   * @param {string} message one sentence that names the field, what it must be and what it is
   * @param {string} path the field, such as `layers[0].units`; empty for the experiment itself
   * @param {ErrorOptions} [options]
   */
  constructor(message, path, options) {
    super(message, options);
    this.name = 'ExperimentError';
    /** @readonly */
    this.path = path;
  }
}
