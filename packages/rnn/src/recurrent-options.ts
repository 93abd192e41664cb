import { ConfigError, type Backend, type FloatDType } from '@rnnlab/tensor';
import type { Merge } from './directions';
import { recurrentPresets, type RecurrentPreset } from './initial-weights';
import type { ZoneoutRates } from './zoneout';

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
  /** Run the only direction from the last step to the first. Default false. */
  reverse?: boolean;
  /** How the outputs of both directions become one. Default `'concat'`. */
  merge?: Merge;
  /** Probability in [0, 1) of zeroing an output between two layers while training. Default 0. */
  dropout?: number;
  /**
   * Probability in [0, 1) of zeroing a unit of h on its way into the recurrent product while training, one mask for all
   * steps of a sequence (Gal & Ghahramani 2016). Default 0.
   */
  recurrentDropout?: number;
  /**
   * Probability in [0, 1) that a unit of the state keeps its old value while training (Krueger et al. 2016); its
   * expectation acts at inference. One number for h and c, or one each. Default 0.
   */
  zoneout?: number | ZoneoutRates;
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
  init?: RecurrentPreset;
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
  const { inputSize, hiddenSize, numLayers = 1, dropout = 0, recurrentDropout = 0, zoneout = 0 } = options;
  const { dtype = 'float32', init = 'keras', merge = 'concat', bidirectional, reverse } = options;
  checkSize(where, { inputSize, hiddenSize, numLayers });
  const zoneouts = typeof zoneout === 'number' ? { zoneout } : prefixed('zoneout.', zoneout);
  checkProbabilities(where, { dropout, recurrentDropout, ...zoneouts });
  if (dropout > 0 && numLayers === 1) {
    throw new ConfigError(
      `${where}: dropout acts between layers and numLayers is 1, so it would do nothing. Use numLayers ≥ 2 or leave dropout out.`,
    );
  }
  checkChoice(where, 'dtype', dtype, ['float32', 'float64']);
  checkChoice(where, 'init', init, recurrentPresets);
  checkChoice(where, 'merge', merge, ['concat', 'sum', 'mean', 'product']);
  if (bidirectional && reverse) {
    throw new ConfigError(
      `${where}: reverse is for a single direction; bidirectional: true has the reverse one already.`,
    );
  }
  if (options.recurrentBias && options.bias === false) {
    throw new ConfigError(`${where}: recurrentBias: true needs bias: true.`);
  }
}

function checkProbabilities(where: string, probabilities: Record<string, number>): void {
  for (const [name, p] of Object.entries(probabilities)) {
    if (!(p >= 0 && p < 1)) {
      throw new ConfigError(`${where}: ${name} is ${p}, expected a probability from 0 to below 1.`);
    }
  }
}

function prefixed(prefix: string, values: object): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
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
