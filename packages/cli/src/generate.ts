/** `rnnlab generate`: streams text from a checkpoint. */
import { createInterface } from 'node:readline';
import type { SamplingOptions } from '@rnnlab/rnn';
import { Rng } from '@rnnlab/tensor';
import type { BackendOptions } from './backend-options';
import { createBackend } from './create-backend';
import { describeError } from './describe-error';
import { Interrupted } from './interrupted';
import { writeAll, type CommandIO } from './io';
import { openRun, type SavedRun } from './run-file';
import { drawText, streamText } from './stream-text';
import { styleFor } from './style';
import { UserError } from './user-error';

export interface GenerateOptions extends SamplingOptions, BackendOptions {
  prompt: string;
  seed: number;
  length?: number;
  count?: number;
  interactive?: boolean;
  json?: boolean;
}

/** See the header of this file. */
export async function generateText(path: string, options: GenerateOptions, io: CommandIO): Promise<void> {
  const run = await openRun(path, await createBackend(options));
  const rng = new Rng(options.seed);
  if (options.interactive) await converse(run, options, rng, io);
  else await write(run, options, rng, io);
  if (io.signal.aborted) throw new Interrupted(io.signal);
}

/** As many texts as asked for, from one prompt. */
async function write(run: SavedRun, options: GenerateOptions, rng: Rng, io: CommandIO): Promise<void> {
  const { model, tokenizer, bounds, settings } = run;
  const { stdout, signal } = io;
  const ofLines = settings.data === 'lines';
  const { length = ofLines ? 200 : 500, count = ofLines ? 10 : 1, json, seed } = options;
  const { temperature, topK, topP, minP, repetitionPenalty } = options;
  const prompt = readablePrompt(options.prompt, run);
  const drawing = { bounds, prompt, length, rng, signal, temperature, topK, topP, minP, repetitionPenalty };
  for (let n = 0; n < count && !signal.aborted; n++) {
    if (json) {
      const text = prompt + (await drawText(model, tokenizer, drawing));
      await writeAll(stdout, `${JSON.stringify({ text, prompt, temperature, seed })}\n`);
      continue;
    }
    await writeAll(stdout, prompt);
    for await (const piece of streamText(model, tokenizer, drawing)) await writeAll(stdout, piece);
    await writeAll(stdout, '\n');
  }
}

/** One text for each line that is typed. A prompt that cannot be read is explained, and the next one awaited. */
async function converse(run: SavedRun, options: GenerateOptions, rng: Rng, io: CommandIO): Promise<void> {
  const { stdin, stdout, stderr, env, signal } = io;
  const { cyan } = styleFor(stdout, env);
  const invite = () => stdout.isTTY && stdout.write(cyan('> '));
  const lines = createInterface({ input: stdin });
  signal.addEventListener('abort', () => lines.close());
  invite();
  for await (const line of lines) {
    try {
      await write(run, { count: 1, ...options, prompt: line }, rng, io);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      stderr.write(`${describeError(error)}\n`);
    }
    invite();
  }
}

/**
 * The prompt as the corpus would have it.
 *
 * @throws {@link UserError} when it holds a character that the model has never seen and that has no meaning for it,
 *   or, for a model of lines, the end of a line.
 */
function readablePrompt(text: string, { settings, tokenizer }: SavedRun): string {
  if (settings.data === 'lines' && /[\r\n]/.test(text)) {
    throw new UserError('The prompt holds a line break, and this model writes single lines: leave it out.');
  }
  const prompt = settings.lowerCase ? text.toLowerCase() : text;
  if (tokenizer.type !== 'char') return prompt; // bytes know everything, and words have a token for what they do not know
  const known = new Set(tokenizer.vocabulary);
  const unknown = [...new Set(prompt)].filter((character) => !known.has(character));
  if (!unknown.length) return prompt;
  const list = unknown.map((character) => JSON.stringify(character)).join(', ');
  const some = tokenizer.vocabulary.filter((token) => [...token].length === 1 && token.trim()).slice(0, 60);
  throw new UserError(
    `The prompt holds ${list}, which the model was not trained on: use characters of its corpus (${some.join('')}).`,
  );
}
