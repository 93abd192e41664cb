/**
 * The errors of all rnnlab packages. A message says where it happened, what came, what was expected
 * by name, and the remedy; `code` is for programs.
 */
export class RnnlabError extends Error {
  /** Stable identifier, e.g. `'ERR_SHAPE'`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A tensor has another shape than the operation needs. */
export class ShapeError extends RnnlabError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SHAPE', message, options);
  }
}

/** A tensor has another element type than the operation needs. */
export class DTypeError extends RnnlabError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_DTYPE', message, options);
  }
}

/** An option is unknown, out of range, or impossible together with another one. */
export class ConfigError extends RnnlabError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_CONFIG', message, options);
  }
}

/** A saved state is damaged, of another kind, or does not fit the model it is loaded into. */
export class CheckpointError extends RnnlabError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_CHECKPOINT', message, options);
  }
}

/** A backend cannot go on: a worker has failed, or it was disposed. */
export class BackendError extends RnnlabError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_BACKEND', message, options);
  }
}
