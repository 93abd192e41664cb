/**
 * Writing a file so that, whenever the process or the machine stops, its path holds either the old file or the new one.
 *
 *   1. write a temporary file in the same folder (a rename is atomic only within one file system)
 *   2. fsync it: its bytes are on the disk before its name is
 *   3. rename it over the path
 *   4. fsync the folder: the new name is on the disk
 *
 * On an error the temporary file is removed. A process that is killed cannot do that; the next write to the same path
 * removes what dead processes left behind.
 */
import { mkdir, open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';

/** Node writes at most 2 GiB at once. */
const pieceLength = 2 ** 30;

let written = 0;

/**
 * Replaces the file at `path` by `chunks`, all or nothing. Makes the folder when it is missing.
 *
 * @throws Whatever the file system or `chunks` throws; the file at `path` is untouched then.
 */
export async function atomicWrite(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  await removeLeftovers(path);
  const temporary = `${path}.${process.pid}-${threadId}-${written++}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      for (const chunk of chunks) await writeAll(file, chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, offset, Math.min(pieceLength, chunk.length - offset));
    offset += bytesWritten;
  }
}

/** Windows cannot open a folder; its renames are on the disk without it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes temporary files of this path whose process is gone. */
async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(start) && /^(\d+)-\d+-\d+\.tmp$/.exec(name.slice(start.length))?.[1];
    if (pid && !isAlive(Number(pid))) await unlink(join(folder, name)).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
