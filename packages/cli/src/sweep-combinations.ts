import { Rng } from '@rnnlab/tensor';
import type { Option } from '@commander-js/extra-typings';
import { UserError } from './user-error';

/** One setting of the swept options: option name → value, in the order they were named. */
export type Combination = Readonly<Record<string, string>>;

/**
 * Every combination of the values in `lr=0.01,0.03` and the like, the last option changing fastest.
 *
 * @param known The options that can be swept.
 * @throws {@link UserError} for an option that is unknown or set twice, and for a value that it does not take.
 */
export function combinations(sets: readonly string[], known: readonly Option[]): Combination[] {
  let all: Combination[] = [{}];
  for (const set of sets) {
    const [name, list = ''] = set.split(/=(.*)/s);
    const values = list.split(',').map((value) => value.trim());
    const option = known.find(({ long }) => long === `--${name}`);
    if (!option?.required || ['--out', '--log', '--report', '--config'].includes(`--${name}`)) {
      throw new UserError(`--set ${set}: rnnlab train has no option --${name} that takes values to compare.`);
    }
    if (Object.hasOwn(all[0], name)) {
      throw new UserError(`--set names ${name} twice: give all its values at once, e.g. --set ${name}=a,b.`);
    }
    for (const value of values) checkValue(option, set, value);
    all = all.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })));
  }
  return all;
}

function checkValue(option: Option, set: string, value: string): void {
  if (value === '')
    throw new UserError(`--set ${set}: expected values behind the name, e.g. --set hidden=25,50.`);
  try {
    option.parseArg?.(value, undefined as never);
  } catch (error) {
    throw new UserError(
      `--set ${set}: "${value}" is no value of ${option.long}. ${(error as Error).message}`,
    );
  }
}

/** So many of them, in their own order. */
export function drawCombinations(all: readonly Combination[], count: number, seed: number): Combination[] {
  const order = new Rng(seed).shuffle(all.map((_, index) => index)).slice(0, count);
  return order.sort((a, b) => a - b).map((index) => all[index]);
}
