/** What `rnnlab compare` can be told. Without types of `@rnnlab/tf-compare`: they are part of our own, and it is optional. */
import type { TrainOptions } from './train-settings';

/** Optimizers that TensorFlow.js has too. */
export const compareOptimizers = [
  'sgd',
  'momentum',
  'rmsprop',
  'adagrad',
  'adadelta',
  'adam',
  'adamax',
] as const;

/** What runs TensorFlow.js; `auto` is the first that does. */
export const compareEngines = ['auto', 'node', 'wasm', 'cpu'] as const;

type Shared =
  | 'data'
  | 'lowerCase'
  | 'seqLen'
  | 'cell'
  | 'hidden'
  | 'layers'
  | 'embedding'
  | 'batch'
  | 'lr'
  | 'clip'
  | 'seed'
  | 'temperature';

/** See the header of this file; the rest is as for `rnnlab train`. */
export interface CompareOptions extends Pick<TrainOptions, Shared> {
  engine: (typeof compareEngines)[number];
  /** In the form of TensorFlow.js. */
  optimizer: (typeof compareOptimizers)[number];
  steps: number;
  /** The page; its numbers go beside it as `.json`. */
  out: string;
}
