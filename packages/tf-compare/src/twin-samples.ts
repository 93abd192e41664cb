/** Texts from TensorFlow's network, drawn as ours are: the same tokens of the same generator ask for the same numbers. */
import { sampleToken, type SamplingOptions } from '@rnnlab/rnn';
import { Rng, Tensor } from '@rnnlab/tensor';
import type { Dataset } from '@rnnlab/train';
import { tidied } from './tidied';
import type { TensorFlowTwin, TwinState } from './twin';

/** How the texts are drawn. */
export interface TwinSampleOptions extends SamplingOptions {
  /** Default 3. */
  count?: number;
  /** Of one text. Default 100. */
  maxNewTokens?: number;
  /** Seed of the draws, one generator for all texts. Default 0. */
  seed?: number;
}

/**
 * Draws texts from a twin, as `sampleTexts` of `@rnnlab/train` does from a model. As long as both score alike to rounding, the
 * same seed gives the same texts: a draw turns out differently only where a uniform number falls into the rounding of a
 * running sum, about once in a million tokens.
 */
export function sampleTwin(
  twin: TensorFlowTwin,
  { tokenizer, sampling }: Pick<Dataset, 'tokenizer' | 'sampling'>,
  options: TwinSampleOptions = {},
): string[] {
  const { count = 3, maxNewTokens = 100, seed = 0, ...draw } = options;
  const rng = new Rng(seed);
  return Array.from({ length: count }, () => {
    const reader = new TwinReader(twin);
    const ids: number[] = [];
    let logits = reader.read(sampling.prompt);
    while (ids.length < maxNewTokens) {
      const { token } = sampleToken(logits, draw, rng);
      if (sampling.stopTokens.includes(token)) break;
      ids.push(token);
      if (ids.length < maxNewTokens) logits = reader.read([token]);
    }
    reader.dispose();
    return tokenizer.decode(ids);
  });
}

/** Reads tokens one after the other and keeps the state between them. */
class TwinReader {
  readonly #twin: TensorFlowTwin;
  #state: TwinState | undefined;

  constructor(twin: TensorFlowTwin) {
    this.#twin = twin;
  }

  /** @returns The scores behind the last of `ids`. */
  read(ids: readonly number[]): ArrayLike<number> {
    const { tf } = this.#twin;
    let after: TwinState = [];
    const logits = tidied(tf, () => {
      const batch = Tensor.from(Int32Array.from(ids), { shape: [ids.length, 1] });
      const before = this.#state ?? this.#twin.stateFrom(undefined, 1);
      const pass = this.#twin.forward(this.#twin.embed(batch), before);
      after = pass.state.map((cell) => cell.map((part) => tf.keep(part)));
      return pass.logits.dataSync().slice(-this.#twin.model.vocabSize);
    });
    this.dispose();
    this.#state = after;
    return logits;
  }

  dispose(): void {
    for (const tensor of this.#state?.flat() ?? []) tensor.dispose();
    this.#state = undefined;
  }
}
