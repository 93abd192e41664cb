import { readFile } from 'node:fs/promises';
import { fileProblem } from './describe-error';
import { UserError } from './user-error';

/**
 * The text of a file.
 *
 * @throws {@link UserError} when it cannot be read, is empty, or is not UTF-8, with the place.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const known = fileProblem(error);
    throw known ? new UserError(`Cannot read "${path}": ${known.problem}; ${known.remedy}.`) : error;
  });
  const text = decodeUtf8(bytes, path);
  if (text.trim() === '') {
    throw new UserError(`The file "${path}" is empty: give one with text in it.`);
  }
  return text;
}

function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(
      `The file "${path}" is not UTF-8 text (byte ${firstInvalidByte(bytes)} fits no character): convert it to UTF-8 first.`,
    );
  }
}

/** Where the first character stands that is none: found by halving, as the decoder does not tell. */
function firstInvalidByte(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (decodedBytes(bytes.subarray(0, middle)) === undefined) invalid = middle;
    else valid = middle;
  }
  return decodedBytes(bytes.subarray(0, valid)) ?? 0;
}

/** How many bytes of a prefix are whole characters; an unfinished one at its end is no error yet. */
function decodedBytes(prefix: Uint8Array): number | undefined {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return Buffer.byteLength(decoder.decode(prefix, { stream: true }));
  } catch {
    return undefined;
  }
}
