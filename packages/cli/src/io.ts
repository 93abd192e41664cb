/** What a command may touch of the process around it, so that it runs without one in a test. */
export interface CommandIO {
  stdout: OutputStream;
  stderr: OutputStream;
  /** Where `--interactive` reads prompts. */
  stdin: NodeJS.ReadableStream;
  /** The command that starts this program, for processes of its own: executable and first arguments. */
  program: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user asks to stop; its reason is the signal's name, e.g. `'SIGINT'`. */
  signal: AbortSignal;
}

/** A writable stream that may be a terminal. */
export type OutputStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** Writes, and waits while the reader of the stream is slower than we are. */
export async function writeAll(stream: OutputStream, text: string): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve) => stream.once('drain', resolve));
}

/** How the user starts this program, for the commands that we suggest. */
export function programName(env: CommandIO['env']): string {
  if (env.RNNLAB_COMMAND) return env.RNNLAB_COMMAND;
  return env.npm_lifecycle_event === 'rnnlab' ? 'npm run rnnlab --' : 'npx rnnlab';
}
