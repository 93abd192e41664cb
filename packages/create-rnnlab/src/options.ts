/** The command line: what is not given is asked for, or takes its default where nobody can be asked. */
import { parseArgs } from 'node:util';
import type { CellType, ProjectOptions, ReadAs } from './create-project';
import { StarterError } from './starter-error';

const cells: readonly CellType[] = ['lstm', 'gru', 'rnn'];
const kinds: readonly ReadAs[] = ['lines', 'text'];

/** What was given. */
export interface StarterOptions extends Partial<ProjectOptions> {
  /** Ask nothing. */
  yes: boolean;
  /** Install the project's dependencies; asked for when not given. */
  install?: boolean;
  help: boolean;
  version: boolean;
}

export const help = `Usage: npm create rnnlab@latest [FOLDER] -- [OPTIONS]

Writes a small TypeScript project that trains a recurrent network on a text, resumes and generates.

  FOLDER               where it goes; default my-rnn
  --text FILE          what to learn from, UTF-8; default: 1,536 names of dinosaurs
  --cell CELL          ${cells.join(', ')}; default lstm
  --read-as KIND       lines (each an example) or text; default: what it looks like
  --install            install the dependencies; --no-install does not
  --yes                ask nothing, take the defaults
  --help, --version
`;

/** @throws {@link StarterError} for what there is not. */
export function parseOptions(parameters: readonly string[]): StarterOptions {
  const { values, positionals } = parse(parameters);
  if (positionals.length > 1) {
    throw new StarterError(
      `There are ${positionals.length} folders (${positionals.join(', ')}), expected one.`,
    );
  }
  const { install, 'no-install': noInstall, 'read-as': readAs, ...rest } = values;
  return {
    ...rest,
    folder: positionals[0],
    cell: oneOf('--cell', values.cell, cells),
    readAs: oneOf('--read-as', readAs, kinds),
    install: noInstall ? false : install,
  };
}

function parse(parameters: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        text: { type: 'string' },
        cell: { type: 'string' },
        'read-as': { type: 'string' },
        install: { type: 'boolean' },
        'no-install': flag,
        yes: { ...flag, short: 'y' },
        help: { ...flag, short: 'h' },
        version: { ...flag, short: 'v' },
      },
    });
  } catch (error) {
    throw new StarterError(`${(error as Error).message} See --help.`);
  }
}

function oneOf<T extends string>(
  name: string,
  given: string | undefined,
  known: readonly T[],
): T | undefined {
  if (given === undefined || known.includes(given as T)) return given as T | undefined;
  throw new StarterError(`${name} is ${JSON.stringify(given)}, expected ${known.join(', ')}.`);
}
