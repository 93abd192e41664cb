import type { Tokenizer } from '@rnnlab/tokenizer';
import { LinesDataset, splitLines, TextDataset } from '@rnnlab/train';
import { integer, plural } from './format';
import { tokenizerMaker } from './tokenizers';
import type { TrainSettings } from './train-settings';
import { UserError } from './user-error';

/**
 * The corpus as the settings say.
 *
 * @param file Named in errors.
 * @param tokenizer Of a model that is there already; fitted to the corpus by default.
 * @throws {@link UserError} when it is too short.
 */
export function createDataset(
  text: string,
  settings: TrainSettings,
  file: string,
  tokenizer?: Tokenizer,
): LinesDataset | TextDataset {
  const { validationEvery, validationFraction = 0, lowerCase, seqLen } = settings;
  const make = tokenizer ? () => tokenizer : tokenizerMaker(settings);
  if (settings.data === 'lines') {
    const held = validationEvery === undefined ? { validationFraction } : { validationEvery };
    const fitted = make?.(splitLines(text, { lowerCase }));
    return new LinesDataset(text, { lowerCase, tokenizer: fitted, ...held });
  }
  const cased = (lowerCase ? text.toLowerCase() : text).replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  if (!settings.tokenizer || settings.tokenizer === 'characters') {
    checkLength(cased, { validationFraction, seqLen, file });
  }
  return new TextDataset(cased, { seqLen, validationFraction, tokenizer: make?.([cased]) });
}

/** The same rule as the dataset's own, said in the words of this program's options. */
function checkLength(
  text: string,
  { validationFraction, seqLen, file }: { validationFraction: number; seqLen: number; file: string },
): void {
  const length = [...text].length;
  const validation = Math.round(length * validationFraction);
  if (length - validation < seqLen + 1) {
    throw new UserError(
      `"${file}" has ${plural(length - validation, 'character')} to train on, fewer than the ${integer(seqLen + 1)} of one sequence: give a longer text or a smaller --seq-len (it is ${seqLen}).`,
    );
  }
  if (validationFraction > 0 && validation < 2) {
    throw new UserError(
      `"${file}" leaves ${plural(validation, 'character')} for validation: give a longer text, a larger --validation-fraction, or 0 for none.`,
    );
  }
}
