/**
 * Several texts at once: the rows share every product, and otherwise know nothing of each other. Each has a seed and
 * an end of its own and gets the tokens that {@link generate} would give it alone. A row that has ended leaves the batch.
 */
import { ConfigError, type Rng } from '@rnnlab/tensor';
import { Breath } from './breath';
import type { RecurrentState } from './cell';
import type { GeneratedToken } from './generate';
import { GenerationReader } from './generation-reader';
import { checkGeneration, GenerationRow, promptIds, type GenerationOptions } from './generation-row';
import type { LanguageModel } from './language-model';
import { selectRows } from './map-state';

/** Options of {@link generateBatch}. */
export interface GenerateBatchOptions<State extends RecurrentState> extends GenerationOptions {
  /** One prompt a row, of any lengths: token ids, or texts when there is a `tokenizer`. */
  prompts: readonly (ArrayLike<number> | string)[];
  /** A seed or generator for each row, or one seed s: then row b has the seed s + b (modulo 2³²). Default 0. */
  seed?: number | readonly (number | Rng)[];
  /** Start from this state, each [L·D, B, H]. Zeros by default. */
  state?: State;
}

/** One drawn token of one row. */
export interface BatchToken<State extends RecurrentState> extends GeneratedToken<State> {
  /** The index of the prompt. */
  row: number;
}

/**
 * Draws tokens for all prompts, one a row and round, until every row has ended.
 *
 * @throws {@link ConfigError} for an empty prompt, an impossible option, or a bidirectional model.
 *
 * @example
 * ```ts
 * import { generateBatch, LanguageModel, RNN } from '@rnnlab/rnn';
 *
 * const model = new LanguageModel({ vocabSize: 5, recurrent: new RNN({ inputSize: 5, hiddenSize: 8 }) });
 * const texts: number[][] = [[], []];
 * for await (const { row, token } of generateBatch(model, { prompts: [[0], [3, 1]], maxNewTokens: 4 })) {
 *   texts[row].push(token);
 * }
 * console.log(texts.map(({ length }) => length)); // [ 4, 4 ]
 * ```
 */
export async function* generateBatch<State extends RecurrentState>(
  model: LanguageModel<State>,
  options: GenerateBatchOptions<State>,
): AsyncGenerator<BatchToken<State>, void, undefined> {
  checkGeneration('generateBatch', options);
  const { prompts, tokenizer, seed = 0, signal } = options;
  if (typeof seed !== 'number' && seed.length !== prompts.length) {
    throw new ConfigError(
      `generateBatch: seed has ${seed.length} entries, expected one for each of the ${prompts.length} prompts.`,
    );
  }
  const reader = GenerationReader.take('generateBatch', model);
  const breath = new Breath(20);
  let active = prompts.map((prompt, row) => {
    const ids = promptIds(`generateBatch: row ${row}`, prompt, tokenizer);
    const own = typeof seed === 'number' ? (seed + row) % 2 ** 32 : seed[row];
    return { row, text: new GenerationRow(ids, options, own), read: ids };
  });
  active = active.filter(({ text }) => !text.done);
  let { state } = options;
  try {
    while (active.length && !signal?.aborted) {
      const reading = reader.read(
        active.map(({ read }) => read),
        state,
      );
      for (const [n, entry] of active.entries()) {
        const drawn = entry.text.draw(reading.logits[n].data);
        entry.read = [drawn.token];
        yield { ...drawn, row: entry.row, state: selectRows(reading.state, [n]) };
        if (signal?.aborted) break;
      }
      const going = active.flatMap(({ text }, n) => (text.done ? [] : [n]));
      state = selectRows(reading.state, going);
      active = going.map((n) => active[n]);
      await breath.ifDue();
    }
  } finally {
    reader.done();
  }
}
