import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { ConfigFile } from './config-file';
import { repeated } from './option-values';
import { UserError } from './user-error';

/**
 * Gives a command the options of a configuration file, checked by the same readers as those of the command line.
 *
 * @throws {@link UserError} that names the entry, what came and what was expected.
 */
export function applyConfig(
  command: CommandUnknownOpts,
  commands: readonly string[],
  config: ConfigFile,
): void {
  const { path } = config;
  for (const name of Object.keys(config.commands)) {
    if (!commands.includes(name)) {
      throw new UserError(`"${path}": "${name}" is no command, expected one of ${commands.join(', ')}.`);
    }
  }
  const entries = config.commands[command.name()] ?? {};
  const known = new Map(command.options.map((option) => [option.attributeName(), option]));
  known.delete('config');
  for (const [name, value] of Object.entries(entries)) {
    const option = known.get(name);
    const where = `"${path}": ${command.name()}.${name}`;
    if (!option) {
      throw new UserError(`${where} is no option, expected one of ${[...known.keys()].join(', ')}.`);
    }
    const read = readValue(option, value, where);
    if (command.getOptionValueSource(name) !== 'cli') command.setOptionValueWithSource(name, read, 'config');
  }
}

function readValue(option: Option, value: unknown, where: string): unknown {
  const came = `${where} is ${JSON.stringify(value)}`;
  if (option.isBoolean() || option.negate) {
    if (typeof value === 'boolean') return value;
    throw new UserError(`${came}, expected true or false.`);
  }
  if (option.parseArg === (repeated as unknown) && Array.isArray(value)) {
    if (value.length > 0 && value.every((one) => typeof one === 'string')) return value;
    throw new UserError(`${came}, expected one or more texts.`);
  }
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new UserError(`${came}, expected what ${option.flags} takes.`);
  }
  if (!option.parseArg) return String(value);
  try {
    return option.parseArg(String(value), undefined as never);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${came}. ${reason}`);
  }
}
