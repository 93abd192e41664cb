/**
 * Beam search (Lowerre 1976; for sequences of tokens Sutskever, Vinyals & Le 2014): the most likely continuation,
 * looked for with the W best beginnings at a time.
 *
 *   log p(y) = Σ_t ln p(y_t | prompt, y_1 … y_{t−1})
 *   score(y) = log p(y) / |y|^α        α: length normalisation; 0 none, 1 the mean per token
 *
 * Every round extends each living beam by every token and keeps the W best by log p. What ends in a stop token is
 * finished and leaves the search. The search ends when no living beam can overtake the W best finished ones any
 * more: its log p only falls, so its score stays below log p / L^α with L the greatest length.
 *
 * Living beams are the rows of one batch, and their states follow them. With W at least V^L it is exhaustive; with
 * W = 1 it is greedy.
 */
import { ConfigError, logSoftmax } from '@rnnlab/tensor';
import { Breath } from './breath';
import type { RecurrentState } from './cell';
import { GenerationReader } from './generation-reader';
import { checkGeneration, promptIds, type TextCodec } from './generation-row';
import type { LanguageModel } from './language-model';
import { selectRows } from './map-state';
import { rankTokens } from './rank-tokens';
import { checkSize } from './recurrent-options';

/** Options of {@link beamSearch}. */
export interface BeamSearchOptions<State extends RecurrentState> {
  /** What the model reads first: at least one token id, or a text when there is a `tokenizer`. */
  prompt: ArrayLike<number> | string;
  /** W, an integer ≥ 1. Default 4. */
  beamWidth?: number;
  /** α ≥ 0. Default 0. */
  lengthNormalization?: number;
  /** The greatest length of a continuation. Default 100. */
  maxNewTokens?: number;
  /** Tokens that finish a continuation; they are part of it. */
  stopTokens?: readonly number[];
  /** Needed for a text prompt and for `text` in the result. */
  tokenizer?: TextCodec;
  /** Ends the search: the result is what it has by then. */
  signal?: AbortSignal;
  /** Start from this state, each [L·D, 1, H]. Zeros by default. */
  state?: State;
}

/** One continuation. */
export interface Beam<State extends RecurrentState> {
  tokens: number[];
  /** The tokens as text; '' without a tokenizer. */
  text: string;
  /** ln p(tokens) under the model. */
  logProbability: number;
  /** logProbability / length^α, what the result is sorted by. */
  score: number;
  /** Whether it ends in a stop token. */
  finished: boolean;
  /** The state before the last token is read: to go on, pass it with this token as the prompt. */
  state: State;
}

interface Candidate {
  tokens: number[];
  logProbability: number;
  /** The row of the batch that it extends. */
  row: number;
}

/**
 * @returns Up to W continuations, the best score first; none for `maxNewTokens: 0` or an aborted signal.
 * @throws {@link ConfigError} for an empty prompt, an impossible option, or a bidirectional model.
 *
 * @example
 * ```ts
 * import { beamSearch, LanguageModel, RNN } from '@rnnlab/rnn';
 *
 * const model = new LanguageModel({ vocabSize: 5, recurrent: new RNN({ inputSize: 5, hiddenSize: 8 }) });
 * const [best] = await beamSearch(model, { prompt: [0], beamWidth: 3, maxNewTokens: 4, stopTokens: [0] });
 * console.log(best.tokens, best.logProbability);
 * ```
 */
export async function beamSearch<State extends RecurrentState>(
  model: LanguageModel<State>,
  options: BeamSearchOptions<State>,
): Promise<Beam<State>[]> {
  const { beamWidth = 4, lengthNormalization = 0, maxNewTokens = 100, stopTokens = [], signal } = options;
  checkGeneration('beamSearch', { maxNewTokens });
  checkSize('beamSearch', { beamWidth });
  if (!(lengthNormalization >= 0 && lengthNormalization < Infinity)) {
    throw new ConfigError(
      `beamSearch: lengthNormalization is ${lengthNormalization}, expected a number ≥ 0.`,
    );
  }
  const prompt = promptIds('beamSearch', options.prompt, options.tokenizer);
  const reader = GenerationReader.take('beamSearch', model);
  const breath = new Breath(20);
  const beamOf = ({ tokens, logProbability, row }: Candidate, state: State, done: boolean): Beam<State> => ({
    tokens,
    text: textOf(tokens, prompt, options.tokenizer),
    logProbability,
    score: logProbability / tokens.length ** lengthNormalization,
    finished: done,
    state: selectRows(state, [row]),
  });
  const ranked = (beams: Beam<State>[]) => beams.sort((a, b) => b.score - a.score).slice(0, beamWidth);
  const ends = ({ tokens }: Candidate) => stopTokens.includes(tokens[tokens.length - 1]);

  let { state } = options;
  let living: Candidate[] = [{ tokens: [], logProbability: 0, row: 0 }];
  let finished: Beam<State>[] = [];
  try {
    for (let length = 1; length <= maxNewTokens && !signal?.aborted; length++) {
      const reading = reader.read(
        living.map(({ tokens }) => (tokens.length ? tokens.slice(-1) : prompt)),
        state,
      );
      const candidates = living.flatMap((beam, row) => {
        const logP = logSoftmax(reading.logits[row]).data;
        // No more of one beam's extensions can be among the W best that end or the W best that live on.
        const likely = rankTokens(logP).subarray(0, beamWidth + stopTokens.length);
        return Array.from(likely, (token) => ({
          tokens: [...beam.tokens, token],
          logProbability: beam.logProbability + logP[token],
          row,
        }));
      });
      candidates.sort((a, b) => b.logProbability - a.logProbability);
      const ended = candidates.slice(0, beamWidth).filter(ends);
      finished = ranked([...finished, ...ended.map((beam) => beamOf(beam, reading.state, true))]);
      const going = candidates.filter((beam) => !ends(beam)).slice(0, beamWidth);
      state = selectRows(
        reading.state,
        going.map(({ row }) => row),
      );
      living = going.map((beam, row) => ({ ...beam, row }));
      const attainable = (living[0]?.logProbability ?? -Infinity) / maxNewTokens ** lengthNormalization;
      if (finished.length === beamWidth && finished[beamWidth - 1].score >= attainable) living = [];
      if (!living.length) break;
      await breath.ifDue();
    }
  } finally {
    reader.done();
  }
  const unfinished = living.filter(({ tokens }) => tokens.length > 0);
  return ranked([...finished, ...unfinished.map((beam) => beamOf(beam, state!, false))]);
}

function textOf(tokens: number[], prompt: readonly number[], tokenizer: TextCodec | undefined): string {
  const decoder = tokenizer?.createDecoder?.();
  if (!decoder) return tokenizer?.decode(tokens) ?? '';
  for (const id of prompt) decoder.push(id);
  return tokens.map((id) => decoder.push(id)).join('') + decoder.flush();
}
