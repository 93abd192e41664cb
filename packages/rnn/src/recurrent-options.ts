import { ConfigError, type Backend, type FloatDType } from '@rnnlab/tensor';
import type { Merge } from './directions';
import type { InitialPreset } from './initial-weights';

/** Options that RNN, LSTM and GRU share. */
export interface RecurrentOptions {
  /** I, the number of features of one step, or of token ids when the input is ids. */
  inputSize: number;
  /** H, the number of units of one direction of one layer. */
  hiddenSize: number;
  /** Layers on top of each other. Default 1. */
  numLayers?: number;
  /** Run a second set of cells from the last step to the first. Default false. */
  bidirectional?: boolean;
  /** How the outputs of both directions become one. Default `'concat'`. */
  merge?: Merge;
  /** Probability in [0, 1) of zeroing an output between two layers while training. Default 0. */
  dropout?: number;
  /** Default true. */
  bias?: boolean;
  /** A second bias on the recurrent product, PyTorch's form. Default false. */
  recurrentBias?: boolean;
  /** Input and output are [B, T, …] instead of [T, B, …]. States are [L·D, B, H] either way. Default false. */
  batchFirst?: boolean;
  /** Default `'float32'`. */
  dtype?: FloatDType;
  /** Seed of the first weights and of dropout, 0 to 2³² − 1. Default 0. */
  seed?: number;
  /** How the first weights are drawn. Default `'keras'`. */
  init?: InitialPreset;
  /** Default: `defaultBackend()`: wasm where it runs, else the reference. */
  backend?: Backend;
}

/**
 * Checks the options of a layer once, at the public edge.
 *
 * @param where Name of the layer, e.g. `'LSTM'`.
 * @throws {@link ConfigError} that names the option, what came and what was expected.
 */
export function checkRecurrentOptions(where: string, options: RecurrentOptions): void {
  const { inputSize, hiddenSize, numLayers = 1, dropout = 0, dtype = 'float32', merge = 'concat' } = options;
  checkSize(where, { inputSize, hiddenSize, numLayers });
  if (!(dropout >= 0 && dropout < 1)) {
    throw new ConfigError(`${where}: dropout is ${dropout}, expected a probability from 0 to below 1.`);
  }
  if (dropout > 0 && numLayers === 1) {
    throw new ConfigError(
      `${where}: dropout acts between layers and numLayers is 1, so it would do nothing. Use numLayers ≥ 2 or leave dropout out.`,
    );
  }
  checkChoice(where, 'dtype', dtype, ['float32', 'float64']);
  checkChoice(where, 'merge', merge, ['concat', 'sum', 'mean', 'product']);
  if (options.recurrentBias && options.bias === false) {
    throw new ConfigError(`${where}: recurrentBias: true needs bias: true.`);
  }
}

/** @throws {@link ConfigError} for any size that is no integer ≥ 1. */
export function checkSize(where: string, sizes: Record<string, number>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 1) {
      throw new ConfigError(`${where}: ${name} is ${size}, expected an integer ≥ 1.`);
    }
  }
}

/** @throws {@link ConfigError} for a value that is not in the list. */
export function checkChoice(where: string, option: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  const list = choices.map((choice) => `'${choice}'`).join(' or ');
  throw new ConfigError(`${where}: ${option} is ${JSON.stringify(value)}, expected ${list}.`);
}
