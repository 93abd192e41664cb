/** The program without its process: arguments in, exit code out. */
import { CommanderError } from '@commander-js/extra-typings';
import { describeError } from './describe-error';
import { Interrupted } from './interrupted';
import type { CommandIO } from './io';
import { createProgram } from './program';
import { styleFor } from './style';

/**
 * Runs one command.
 *
 * @param args What stands behind `rnnlab` on the command line.
 * @returns The exit code: 0, 1 after an error (told on `io.stderr`), 128 + n after signal n.
 */
export async function main(args: readonly string[], io: CommandIO): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
    if (error instanceof CommanderError && error.code === 'commander.help') return 1; // no command: it has told which
    io.stderr.write(`${styleFor(io.stderr, io.env).red('rnnlab:')} ${sentence(error)}\n`);
    if (io.env.DEBUG?.split(',').includes('rnnlab') && error instanceof Error)
      io.stderr.write(`${error.stack}\n`);
    return 1;
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof CommanderError)) return describeError(error);
  const text = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const stopped = /[.?)]$/.test(text) ? text : `${text}.`;
  return `${stopped.charAt(0).toUpperCase()}${stopped.slice(1)} See --help.`;
}
