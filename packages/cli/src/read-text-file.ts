import { readFile } from 'node:fs/promises';
import { decodeUtf8 } from '@rnnlab/train';
import { fileProblem } from './describe-error';
import { UserError } from './user-error';

/**
 * The text of a file.
 *
 * @throws {@link UserError} when it cannot be read or is empty, {@link CorpusError} when it is not UTF-8, with the place.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const known = fileProblem(error);
    throw known ? new UserError(`Cannot read "${path}": ${known.problem}; ${known.remedy}.`) : error;
  });
  const text = decodeUtf8(bytes, `"${path}"`);
  if (text.trim() === '') {
    throw new UserError(`The file "${path}" is empty: give one with text in it.`);
  }
  return text;
}
