/** A file as a {@link ByteSource}: read piece by piece, never as a whole. */
import { open } from 'node:fs/promises';
import { CheckpointError, type ByteSource } from '@rnnlab/tensor';

/** Node reads at most 2 GiB at once. */
const pieceLength = 2 ** 30;

/**
 * Opens a file, lets `use` read from it, closes it.
 *
 * @throws {@link CheckpointError} when it cannot be opened or is no file.
 */
export async function withFileSource<T>(
  path: string,
  where: string,
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    const problem = cause.code === 'ENOENT' ? 'does not exist' : `cannot be opened (${cause.code})`;
    throw new CheckpointError(`${where}: ${JSON.stringify(path)} ${problem}. Check the path.`, { cause });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      throw new CheckpointError(
        `${where}: ${JSON.stringify(path)} is no file. Give the path of a checkpoint file.`,
      );
    }
    return await use({
      size: stats.size,
      async read(offset, length) {
        const bytes = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
          const wanted = Math.min(pieceLength, length - filled);
          const { bytesRead } = await file.read(bytes, filled, wanted, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      },
    });
  } finally {
    await file.close();
  }
}
