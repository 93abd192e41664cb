/** `rnnlab generate`: streams text from a checkpoint. */
import { Rng } from '@rnnlab/tensor';
import { Interrupted } from './interrupted';
import { writeAll, type CommandIO } from './io';
import { openRun } from './run-file';
import { streamText } from './stream-text';
import { UserError } from './user-error';

export interface GenerateOptions {
  prompt: string;
  temperature: number;
  seed: number;
  length?: number;
  count?: number;
}

/** See the header of this file. */
export async function generateText(path: string, options: GenerateOptions, io: CommandIO): Promise<void> {
  const { model, tokenizer, bounds, settings } = await openRun(path);
  const { stdout, signal } = io;
  const ofLines = settings.data === 'lines';
  const { temperature, seed, length = ofLines ? 200 : 500, count = ofLines ? 10 : 1 } = options;
  const prompt = settings.lowerCase ? options.prompt.toLowerCase() : options.prompt;
  checkPrompt(prompt, tokenizer.vocabulary, ofLines);
  const rng = new Rng(seed);
  for (let n = 0; n < count && !signal.aborted; n++) {
    await writeAll(stdout, prompt);
    for await (const piece of streamText(model, tokenizer, {
      bounds,
      prompt,
      temperature,
      length,
      rng,
      signal,
    })) {
      await writeAll(stdout, piece);
    }
    await writeAll(stdout, '\n');
  }
  if (signal.aborted) throw new Interrupted(signal);
}

/** A character the model has never seen has no meaning for it, and a line cannot go on behind its end. */
function checkPrompt(prompt: string, vocabulary: readonly string[], ofLines: boolean): void {
  if (ofLines && /[\r\n]/.test(prompt)) {
    throw new UserError('--prompt holds a line break, and this model writes single lines: leave it out.');
  }
  const known = new Set(vocabulary);
  const unknown = [...new Set(prompt)].filter((character) => !known.has(character));
  if (!unknown.length) return;
  const list = unknown.map((character) => JSON.stringify(character)).join(', ');
  const some = vocabulary
    .filter((token) => [...token].length === 1 && token.trim())
    .slice(0, 60)
    .join('');
  throw new UserError(
    `--prompt holds ${list}, which the model was not trained on: use characters of its corpus (${some}).`,
  );
}
