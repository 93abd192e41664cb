/** Where a checkpoint goes, found out before the training and not after it. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { describeError, fileProblem } from './describe-error';
import { UserError } from './user-error';

/** The folder of checkpoints without `--out`. */
const runsFolder = 'runs';

/** For a corpus whose first file is `file`: `runs/dinos-lstm.safetensors`, or with `-2`, `-3`, … the first that does not exist yet. */
export async function freeRunPath(file: string, cell: string): Promise<string> {
  const stem = join(runsFolder, `${basename(file, extname(file))}-${cell}`);
  for (let n = 1; ; n++) {
    const path = `${stem}${n === 1 ? '' : `-${n}`}.safetensors`;
    if (!(await exists(path))) return path;
  }
}

/** The folder of further checkpoints of a run: `runs/dinos-lstm` for `runs/dinos-lstm.safetensors`. */
export function folderBeside(path: string): string {
  const ending = extname(path);
  return ending ? path.slice(0, -ending.length) : `${path}-checkpoints`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Makes the folder of `path` and checks that a file can be written there.
 *
 * @param what What is written, and a usual name for it: for the errors.
 * @throws {@link UserError} that says why not.
 */
export async function prepareOutput(
  path: string,
  { what = 'checkpoint', name = 'model.safetensors' } = {},
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    const problem = fileProblem(error)?.problem ?? describeError(error);
    throw new UserError(`Cannot write the ${what} "${path}": ${problem}; choose another --out.`);
  }
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) {
    throw new UserError(`--out "${path}" is a folder: give the name of a file, e.g. "${join(path, name)}".`);
  }
}
