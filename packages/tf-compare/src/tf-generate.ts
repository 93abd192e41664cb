/**
 * Text from TensorFlow: the model reads the prompt, a token is drawn from its scores by the sampler of `@rnnlab/rnn`, and
 * that token is what it reads next. The state is carried in the open, one step a token.
 */
import { Breath, sampleToken, type GenerationOptions } from '@rnnlab/rnn';
import { ConfigError, Rng, Tensor } from '@rnnlab/tensor';
import type { TFCharRNN, TFState } from './tf-char-rnn';

/** Options of {@link TFCharRNN.generate}: those of `generate` in `@rnnlab/rnn`. */
export interface TFGenerateOptions extends GenerationOptions {
  /** What the model reads first: at least one token id, or a text when there is a `tokenizer`. */
  prompt: ArrayLike<number> | string;
  /** Seed of the draws, 0 to 2³² − 1. Default 0. Or a generator to go on with. */
  seed?: number | Rng;
}

/** One drawn token. */
export interface TFGeneratedToken {
  token: number;
  /** The token as text; '' without a tokenizer. */
  text: string;
  /** ln p(token) under the model, at temperature 1 and without filters. */
  logProbability: number;
}

/** @param model A model that reads one row and is not stateful. */
export async function* generateTokens(
  model: TFCharRNN,
  options: TFGenerateOptions,
): AsyncGenerator<TFGeneratedToken, void, undefined> {
  const { tokenizer, maxNewTokens = 100, stopTokens = [], seed = 0, signal } = options;
  const rng = typeof seed === 'number' ? new Rng(seed) : seed;
  const decoder = tokenizer?.createDecoder?.();
  let read = promptIds(options);
  for (const id of read) decoder?.push(id); // a split character depends on what was before
  const seen = new Set(read);
  const breath = new Breath(20);
  let state: TFState | undefined;
  try {
    for (let left = maxNewTokens; left > 0 && !signal?.aborted; left--) {
      const before = state;
      const { logits, state: after } = model.forward(
        Tensor.from(
          read.map((id) => [id]),
          { dtype: 'int32' },
        ),
        {
          state,
        },
      );
      state = after;
      const scores = logits.dataSync<'float32'>().subarray(-model.options.vocabSize);
      model.tf.dispose([logits, ...(before ?? [])]);
      const { token, logProbability } = sampleToken(scores, options, rng, seen);
      seen.add(token);
      const last = left === 1 || stopTokens.includes(token);
      const text = decoder ? decoder.push(token) + (last ? decoder.flush() : '') : tokenizer?.decode([token]);
      yield { token, text: text ?? '', logProbability };
      if (last) return;
      read = [token];
      await breath.ifDue();
    }
  } finally {
    model.tf.dispose([...(state ?? [])]); // also when the loop outside ends early
  }
}

function promptIds({ prompt, tokenizer }: TFGenerateOptions): number[] {
  if (typeof prompt === 'string' && !tokenizer) {
    throw new ConfigError(
      'TFCharRNN.generate: prompt is a text and there is no tokenizer. Give one, or token ids.',
    );
  }
  const ids = Array.from(typeof prompt === 'string' ? tokenizer!.encode(prompt) : prompt);
  if (!ids.length) {
    throw new ConfigError('TFCharRNN.generate: prompt is empty. Give at least one token.');
  }
  return ids;
}
