import { Readable, Writable } from 'node:stream';
import type { CommandIO, OutputStream } from '../io';

/** A {@link CommandIO} that keeps what is written; no terminal unless asked. */
export interface CapturedIO extends CommandIO {
  readonly out: () => string;
  readonly err: () => string;
  /** As Ctrl-C does. */
  readonly interrupt: () => void;
}

export function capturedIO(
  options: { isTTY?: boolean; columns?: number; env?: CommandIO['env']; stdin?: string } = {},
): CapturedIO {
  const controller = new AbortController();
  const out = captured(options);
  const err = captured(options);
  return {
    stdin: Readable.from(options.stdin ?? ''),
    program: ['rnnlab'],
    stdout: out.stream,
    stderr: err.stream,
    out: out.text,
    err: err.text,
    env: options.env ?? {},
    signal: controller.signal,
    interrupt: () => controller.abort('SIGINT'),
  };
}

function captured({ isTTY, columns }: { isTTY?: boolean; columns?: number }) {
  let text = '';
  const stream: OutputStream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  if (isTTY) Object.assign(stream, { isTTY, columns });
  return { stream, text: () => text };
}
