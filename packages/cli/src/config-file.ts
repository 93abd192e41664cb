/**
 * `rnnlab.config.ts` (or .mts, .js, .mjs, .json) in the current folder: defaults of one's own for the commands.
 *
 *   { "train": { "cell": "gru", "hidden": 100 }, "generate": { "temperature": 0.7 } }
 *
 * Keys are the long options in camelCase, values are what the options take. What stands on the command line wins.
 */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeError, fileProblem } from './describe-error';
import { UserError } from './user-error';

/** Looked for in this order. */
const names = ['ts', 'mts', 'js', 'mjs', 'json'].map((ending) => `rnnlab.config.${ending}`);

/** What a configuration file holds: by command, option by option. Not checked beyond that. */
export interface ConfigFile {
  path: string;
  commands: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Reads the configuration.
 *
 * @param named With `--config`; else the current folder is searched, and it is fine when there is none.
 * @throws {@link UserError} when it cannot be read, or is no object of objects.
 */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | undefined> {
  const path = named ?? (await firstExisting());
  if (path === undefined) return undefined;
  const content = await load(path);
  if (!isObject(content)) {
    throw new UserError(`"${path}" holds no object: expected e.g. { "train": { "hidden": 100 } }.`);
  }
  for (const [command, options] of Object.entries(content)) {
    if (isObject(options)) continue;
    throw new UserError(
      `"${path}": ${command} is ${JSON.stringify(options)}, expected an object of options, e.g. { "train": { "hidden": 100 } }.`,
    );
  }
  return { path, commands: content as ConfigFile['commands'] };
}

async function firstExisting(): Promise<string | undefined> {
  for (const name of names) {
    const found = await stat(name).catch(() => undefined);
    if (found?.isFile()) return name;
  }
  return undefined;
}

async function load(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8'));
    const { createJiti } = await import('jiti'); // only here: it is not small
    return await createJiti(import.meta.url, { moduleCache: false }).import(resolve(path), { default: true });
  } catch (error) {
    const known = fileProblem(error);
    if (known) throw new UserError(`Cannot read "${path}": ${known.problem}; ${known.remedy}.`);
    const reason = error instanceof Error ? error.message.split('\n')[0] : describeError(error);
    throw new UserError(`Cannot read "${path}": ${reason}; correct the file or name another with --config.`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
