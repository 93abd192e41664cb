/**
 * The errors of this package: the same classes and codes as in `@rnnlab/tensor`, written again because this
 * package works without it. Two classes of one name are different to `instanceof`; compare `code`.
 * The names are spelled out, since a bundler may shorten those of classes.
 */

/** Base class of the errors below. */
export abstract class RnnlabError extends Error {
  /** Stable identifier, e.g. `'ERR_CONFIG'`. */
  abstract readonly code: string;
}

/** An option is unknown, out of range, or impossible together with another one. */
export class ConfigError extends RnnlabError {
  override name = 'ConfigError';
  readonly code = 'ERR_CONFIG';
}

/** A value and its gradient do not fit each other, or are no float32 or float64 arrays. */
export class ShapeError extends RnnlabError {
  override name = 'ShapeError';
  readonly code = 'ERR_SHAPE';
}

/** A saved state does not fit the optimizer it is loaded into. */
export class CheckpointError extends RnnlabError {
  override name = 'CheckpointError';
  readonly code = 'ERR_CHECKPOINT';
}

/** A number that has to be finite is not. */
export class NonFiniteError extends RnnlabError {
  override name = 'NonFiniteError';
  readonly code = 'ERR_NON_FINITE';
}
