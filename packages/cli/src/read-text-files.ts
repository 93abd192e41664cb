import { CorpusError } from '@rnnlab/train';
import { readText } from '@rnnlab/train/node';
import { fileProblem } from './describe-error';
import { UserError } from './user-error';

/** How a corpus is called where there is room for one name. */
export function corpusName(paths: readonly string[]): string {
  return paths.join(', ');
}

/**
 * The text of files and folders, one behind the other in the order given; a folder stands for its `.txt` files in the
 * order of their names. Where one does not end with a line break, one is put between it and the next.
 *
 * @throws {@link UserError} when one cannot be read or all are empty, {@link CorpusError} when one is not UTF-8, with
 *   the place.
 */
export async function readTextFiles(paths: readonly string[]): Promise<string> {
  const text = await readText(paths).catch((error: unknown) => {
    throw noText(error, paths);
  });
  if (text.trim() === '') throw nothingIn(paths);
  return text;
}

/** What went wrong with a file in the words of this program; any other error as it is. */
export function asUserError(error: unknown, paths: readonly string[]): unknown {
  for (const candidate of [error, error instanceof Error ? error.cause : undefined]) {
    const known = fileProblem(candidate);
    const path = (candidate as NodeJS.ErrnoException)?.path ?? corpusName(paths);
    if (known) return new UserError(`Cannot read "${path}": ${known.problem}; ${known.remedy}.`);
  }
  return error;
}

/** {@link asUserError}, also for files without a character in them, and folders without a file. */
export function noText(error: unknown, paths: readonly string[]): unknown {
  const known = asUserError(error, paths);
  // Where there is a cause the bytes are no text, and the message tells which and what to do.
  return known instanceof CorpusError && !known.cause ? nothingIn(paths) : known;
}

function nothingIn(paths: readonly string[]): UserError {
  return new UserError(
    `There is no text in "${corpusName(paths)}": give a text file, or a folder of .txt files.`,
  );
}
