/**
 * How opening a text that is streamed shows where it is: a line on a terminal that is gone when the text is open, and
 * nothing anywhere else. A small text is read too fast to see it.
 */
import { SingleBar } from 'cli-progress';
import { duration } from './format';
import type { CommandIO } from './io';
import { drawTrack } from './progress';
import { styleFor } from './style';

/** `onProgress` of a `StreamedTextDataset`. */
export type OnReading = (bytesRead: number, bytesTotal: number) => void;

/** Columns of the bar. */
const room = 30;

/** Opens something with the line on `stdout` where that is a terminal, and none when `quiet`. */
export async function showReading<T>(
  { stdout, env }: Pick<CommandIO, 'stdout' | 'env'>,
  quiet: boolean | undefined,
  open: (onProgress?: OnReading) => Promise<T>,
): Promise<T> {
  if (!stdout.isTTY || quiet) return open();
  const style = styleFor(stdout, env);
  const begun = performance.now();
  let done = 0;
  const draw = () => {
    const seconds = (performance.now() - begun) / 1000;
    const left = done && seconds > 1 ? ` · ${duration(seconds / done - seconds)} left` : '';
    const words = `${percent(done)} reading the text${left}`;
    const columns = (stdout.columns || 80) - 1; // 0 where the size is unknown
    if (words.length + 1 + room > columns) return words.slice(0, columns);
    return `${drawTrack(done, room, style)} ${words}`;
  };
  const bar = new SingleBar({
    stream: stdout,
    fps: 12,
    clearOnComplete: true,
    hideCursor: false, // as for the bar of training: progress.ts
    gracefulExit: false,
    format: draw,
  });
  try {
    return await open((bytesRead, bytesTotal) => {
      done = bytesTotal ? bytesRead / bytesTotal : 0;
      if (bar.isActive) bar.update(0);
      else bar.start(1, 0);
    });
  } finally {
    bar.stop();
  }
}

const percent = (done: number): string => `${String(Math.floor(done * 100)).padStart(3)}%`;
