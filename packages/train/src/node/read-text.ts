/**
 * Texts from files and folders. UTF-8 only, and checked: a file that is none says where.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CorpusError } from '../corpus-error';
import { decodeUtf8 } from '../decode-utf8';

/** Options of {@link readText}. */
export interface ReadTextOptions {
  /** What stands between two files. Default `'\n'`, where the first does not end with one. */
  separator?: string;
}

/**
 * The text of a file, of several, or of all `.txt` files of a folder (not of its folders) in the order of their
 * names. Byte order marks are dropped; ends of line are left as they are.
 *
 * @throws {@link CorpusError} when there is no such file, nothing in it, or something that is not UTF-8.
 *
 * @example
 * ```ts
 * import { mkdir, writeFile } from 'node:fs/promises';
 * import { readText } from '@rnnlab/train/node';
 *
 * await mkdir('more-names', { recursive: true });
 * await writeFile('names.txt', 'Ada\n');
 * await writeFile('more-names/a.txt', 'Grace\n');
 * console.log(await readText(['names.txt', 'more-names'])); // a file, and a folder of .txt files
 * ```
 */
export async function readText(
  paths: string | readonly string[],
  { separator = '\n' }: ReadTextOptions = {},
): Promise<string> {
  const files = await textFiles(paths, 'readText');
  let text = '';
  for (const file of files) {
    if (text && !text.endsWith(separator)) text += separator;
    text += decodeUtf8(await readFile(file), file);
  }
  if (!text) throw new CorpusError(`readText: ${files.join(', ')} ${files.length > 1 ? 'are' : 'is'} empty.`);
  return text;
}

/**
 * The files that `paths` name: a folder stands for its `.txt` files, in the order of their names.
 *
 * @param where What an error begins with.
 * @throws {@link CorpusError} when there is none.
 */
export async function textFiles(paths: string | readonly string[], where = 'textFiles'): Promise<string[]> {
  const files: string[] = [];
  for (const path of typeof paths === 'string' ? [paths] : paths) files.push(...(await filesOf(where, path)));
  return files;
}

async function filesOf(where: string, path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'does not exist' : `cannot be read (${cause.code})`;
    throw new CorpusError(`${where}: ${path} ${why}.`, { cause });
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.toLowerCase().endsWith('.txt')).sort();
  if (!names.length) throw new CorpusError(`${where}: the folder ${path} has no .txt file.`);
  return names.map((name) => join(path, name));
}
