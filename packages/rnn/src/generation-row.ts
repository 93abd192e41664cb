/**
 * One text that is being generated: its random numbers, what came so far, and when it ends.
 */
import { ConfigError, Rng } from '@rnnlab/tensor';
import { drawToken } from './sample-token';
import { checkSampling, type SamplingOptions } from './sampling-options';

/** What generation needs of a tokenizer; those of `@rnnlab/tokenizer` fit. */
export interface TextCodec {
  encode(text: string): ArrayLike<number>;
  decode(ids: number[]): string;
  /** A decoder that keeps the beginning of a character until its end has come, so that no multi-byte token breaks. */
  createDecoder?(): { push(id: number): string; flush(): string };
}

/** Options that {@link generate} and {@link generateBatch} share. */
export interface GenerationOptions extends SamplingOptions {
  /** Needed for a text prompt and for `text` in the result. */
  tokenizer?: TextCodec;
  /** Stop after so many tokens. Default 100. */
  maxNewTokens?: number;
  /** Stop behind any of these tokens, e.g. the end of a line. It is still yielded. */
  stopTokens?: readonly number[];
  /** Stops quietly before the next token. */
  signal?: AbortSignal;
}

/** See the header of this file. */
export class GenerationRow {
  readonly prompt: readonly number[];
  /** Whether no token is to come any more. */
  done: boolean;
  readonly #options: GenerationOptions;
  readonly #rng: Rng;
  readonly #seen: Set<number>;
  readonly #decoder: ReturnType<NonNullable<TextCodec['createDecoder']>> | undefined;
  #left: number;
  #scratch = new Float64Array(0);

  constructor(prompt: readonly number[], options: GenerationOptions, seed: number | Rng) {
    this.prompt = prompt;
    this.#options = options;
    this.#rng = typeof seed === 'number' ? new Rng(seed) : seed;
    this.#seen = new Set(prompt);
    this.#decoder = options.tokenizer?.createDecoder?.();
    for (const id of prompt) this.#decoder?.push(id); // a word's space and a split character depend on what was before
    this.#left = options.maxNewTokens ?? 100;
    this.done = this.#left === 0;
  }

  /** Draws the next token from its scores. */
  draw(logits: ArrayLike<number>): { token: number; text: string; logProbability: number } {
    if (this.#scratch.length !== logits.length) this.#scratch = new Float64Array(logits.length);
    const drawn = drawToken(logits, this.#options, this.#rng, this.#seen, this.#scratch);
    this.#seen.add(drawn.token);
    this.done = --this.#left === 0 || (this.#options.stopTokens?.includes(drawn.token) ?? false);
    return { ...drawn, text: this.#textOf(drawn.token) };
  }

  #textOf(token: number): string {
    const decoder = this.#decoder;
    if (!decoder) return this.#options.tokenizer?.decode([token]) ?? '';
    return decoder.push(token) + (this.done ? decoder.flush() : '');
  }
}

/** @throws {@link ConfigError} for an impossible option. */
export function checkGeneration(where: string, options: GenerationOptions): void {
  const { maxNewTokens = 100 } = options;
  checkSampling(where, options);
  if (!(Number.isInteger(maxNewTokens) && maxNewTokens >= 0)) {
    throw new ConfigError(`${where}: maxNewTokens is ${maxNewTokens}, expected an integer ≥ 0.`);
  }
}

/**
 * The token ids of a prompt.
 *
 * @throws {@link ConfigError} for a text without a tokenizer, and for an empty prompt.
 */
export function promptIds(
  where: string,
  prompt: ArrayLike<number> | string,
  tokenizer: TextCodec | undefined,
): readonly number[] {
  if (typeof prompt === 'string' && !tokenizer) {
    throw new ConfigError(`${where}: prompt is a text and there is no tokenizer. Give one, or token ids.`);
  }
  const ids = Array.from(typeof prompt === 'string' ? tokenizer!.encode(prompt) : prompt);
  if (!ids.length) {
    throw new ConfigError(
      `${where}: prompt is empty. Give at least one token; a model of lines starts from its end-of-line token.`,
    );
  }
  return ids;
}
