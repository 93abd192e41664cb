import { CorpusError } from '@rnnlab/train';
import { readText } from '@rnnlab/train/node';
import { fileProblem } from './describe-error';
import { UserError } from './user-error';

/**
 * The text of a file, or of all `.txt` files of a folder.
 *
 * @throws {@link UserError} when it cannot be read or is empty, {@link CorpusError} when it is not UTF-8, with the place.
 */
export async function readTextFile(path: string): Promise<string> {
  const text = await readText(path).catch((error: unknown) => {
    const known = error instanceof Error && (fileProblem(error) ?? fileProblem(error.cause));
    if (known) throw new UserError(`Cannot read "${path}": ${known.problem}; ${known.remedy}.`);
    // Where there is a cause the bytes are no text, and the message tells which and what to do.
    throw error instanceof CorpusError && !error.cause ? nothingIn(path) : error;
  });
  if (text.trim() === '') throw nothingIn(path);
  return text;
}

function nothingIn(path: string): UserError {
  return new UserError(`There is no text in "${path}": give a text file, or a folder of .txt files.`);
}
