/** The form of most errors here: where and what, what came, what was expected. */
import { CheckpointError, ConfigError } from './errors';

/** @throws {@link ConfigError} unless `holds`. */
export function expectOption(holds: boolean, what: string, actual: unknown, expected: string): void {
  if (!holds) throw new ConfigError(`${what} is ${actual}, expected ${expected}.`);
}

/** @throws {@link CheckpointError} when what was saved reads otherwise than what it is loaded into. */
export function expectSaved(what: string, actual: unknown, expected: unknown): void {
  if (`${actual}` !== `${expected}`) {
    throw new CheckpointError(`${what} is ${actual}, expected ${expected}.`);
  }
}
