/**
 * A language model from a plain description, so that the description can be kept: in a checkpoint, in a
 * configuration file, in a run log. `createLanguageModel(model.config)` builds the same model again.
 *
 * Recurrent layers and head draw their first weights from two generators split off one seed; with the same
 * seed for both, W_ih and W_head would start with the same numbers.
 */
import { GRU } from '@rnnlab/gru';
import { LSTM } from '@rnnlab/lstm';
import { LanguageModel, RNN, type InitialPreset, type Nonlinearity, type RecurrentLayer } from '@rnnlab/rnn';
import { ConfigError, Rng, type Backend, type FloatDType } from '@rnnlab/tensor';

/** The recurrent cells a {@link LanguageModelConfig} can name. */
export type CellType = 'rnn' | 'lstm' | 'gru';

/** Everything that fixes a language model but its weights. Holds JSON values only. */
export interface LanguageModelConfig {
  cell: CellType;
  /** V, the number of token ids: `tokenizer.vocabSize`. */
  vocabSize: number;
  /** H, the number of units of one layer. */
  hiddenSize: number;
  /** Layers on top of each other. Default 1. */
  numLayers?: number;
  /** Size of a token's vector. Without it a token enters as its one-hot vector. */
  embeddingDim?: number;
  /** One table is the embedding and the matrix of the head. Needs `embeddingDim` = `hiddenSize`. Default false. */
  tieWeights?: boolean;
  /** Probability in [0, 1) of zeroing an output between two layers while training. Default 0. */
  dropout?: number;
  /** Default true. */
  bias?: boolean;
  /** A second bias on the recurrent product, PyTorch's form. Default false. */
  recurrentBias?: boolean;
  /** How the first weights are drawn. Default `'keras'`. */
  init?: InitialPreset;
  /** Only for `rnn`. Default `'tanh'`. */
  nonlinearity?: Nonlinearity;
  /** Only for `lstm`. Default 1. */
  forgetBias?: number;
  /** Only for `gru`: see its layer. Default true. */
  resetAfter?: boolean;
  /** Seed of the first weights and of dropout, 0 to 2³² − 1. Default 0. */
  seed?: number;
  /** Default `'float32'`. */
  dtype?: FloatDType;
}

/** A {@link LanguageModel} that keeps the description it was made from. */
export class ConfiguredLanguageModel extends LanguageModel {
  /** What {@link createLanguageModel} was given, without the backend. */
  readonly config: Readonly<LanguageModelConfig>;

  constructor(config: LanguageModelConfig, recurrent: RecurrentLayer, headSeed: number) {
    const { vocabSize, embeddingDim, tieWeights } = config;
    super({ vocabSize, recurrent, embeddingDim, tieWeights, seed: headSeed });
    this.config = Object.freeze({ ...config });
  }
}

/** Every option with the JSON type it must have. */
const optionTypes: Readonly<Record<keyof LanguageModelConfig, 'string' | 'number' | 'boolean'>> = {
  cell: 'string',
  vocabSize: 'number',
  hiddenSize: 'number',
  numLayers: 'number',
  embeddingDim: 'number',
  tieWeights: 'boolean',
  dropout: 'number',
  bias: 'boolean',
  recurrentBias: 'boolean',
  init: 'string',
  nonlinearity: 'string',
  forgetBias: 'number',
  resetAfter: 'boolean',
  seed: 'number',
  dtype: 'string',
};

/** Options that belong to one cell only. */
const cellOptions: Partial<Record<keyof LanguageModelConfig, CellType>> = {
  nonlinearity: 'rnn',
  forgetBias: 'lstm',
  resetAfter: 'gru',
};

/**
 * Builds the model that `config` describes, with fresh weights.
 *
 * @param config JSON values, and optionally the `backend` whose memory the weights live in.
 * @throws {@link ConfigError} for an unknown option, a value of the wrong type or out of range, or an option
 *   of another cell.
 *
 * @example
 * ```ts
 * import { createLanguageModel } from '@rnnlab/train';
 *
 * const model = createLanguageModel({ cell: 'lstm', vocabSize: 27, hiddenSize: 50, seed: 1 });
 * console.log(JSON.stringify(model.config)); // {"cell":"lstm","vocabSize":27,"hiddenSize":50,"seed":1}
 * console.log(model.parameters().length); // 5: three of the LSTM, two of the head
 * ```
 */
export function createLanguageModel(
  config: LanguageModelConfig & { backend?: Backend },
): ConfiguredLanguageModel {
  const { backend, ...plain } = config;
  checkConfig(plain);
  const { cell, vocabSize, embeddingDim, seed = 0, nonlinearity, forgetBias, resetAfter, ...rest } = plain;
  const seeds = new Rng(seed);
  const shared = { ...rest, inputSize: embeddingDim ?? vocabSize, seed: seeds.uint32(), backend };
  const layers = {
    rnn: () => new RNN({ ...shared, nonlinearity }),
    lstm: () => new LSTM({ ...shared, forgetBias }),
    gru: () => new GRU({ ...shared, resetAfter }),
  };
  return new ConfiguredLanguageModel(plain, layers[cell](), seeds.uint32());
}

/** The layers check ranges; what only a description from a file can get wrong is checked here. */
function checkConfig(config: LanguageModelConfig): void {
  const where = 'createLanguageModel';
  for (const [name, value] of Object.entries(config)) {
    if (!Object.hasOwn(optionTypes, name)) {
      throw new ConfigError(
        `${where}: ${JSON.stringify(name)} is no option, expected one of ${Object.keys(optionTypes).join(', ')}.`,
      );
    }
    const type = optionTypes[name as keyof LanguageModelConfig];
    if (value !== undefined && typeof value !== type) {
      throw new ConfigError(`${where}: ${name} is ${JSON.stringify(value)}, expected a ${type}.`);
    }
    const owner = cellOptions[name as keyof LanguageModelConfig];
    if (value !== undefined && owner && owner !== config.cell) {
      throw new ConfigError(
        `${where}: ${name} is an option of cell '${owner}' and cell is '${config.cell}'. Leave it out.`,
      );
    }
  }
  if (!['rnn', 'lstm', 'gru'].includes(config.cell)) {
    throw new ConfigError(
      `${where}: cell is ${JSON.stringify(config.cell)}, expected 'rnn', 'lstm' or 'gru'.`,
    );
  }
}
