/**
 * The errors of this package: the same classes and codes as in `@rnnlab/tensor`, written again because this
 * package depends on nothing. Two classes of one name are different to `instanceof`; compare `code`.
 */

/** Base class of the errors below. */
export class RnnlabError extends Error {
  /** Stable identifier, e.g. `'ERR_CONFIG'`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An option is unknown, out of range, or impossible together with another one. */
export class ConfigError extends RnnlabError {
  constructor(message: string) {
    super('ERR_CONFIG', message);
  }
}

/** A value and its gradient do not fit each other, or are no float32 or float64 arrays. */
export class ShapeError extends RnnlabError {
  constructor(message: string) {
    super('ERR_SHAPE', message);
  }
}

/** A saved state does not fit the optimizer it is loaded into. */
export class CheckpointError extends RnnlabError {
  constructor(message: string) {
    super('ERR_CHECKPOINT', message);
  }
}

/** A number that has to be finite is not. */
export class NonFiniteError extends RnnlabError {
  constructor(message: string) {
    super('ERR_NON_FINITE', message);
  }
}
