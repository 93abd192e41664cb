/** Asks on a terminal for what the command line left open. */
import { existsSync } from 'node:fs';
import { confirm, isCancel, select, text } from '@clack/prompts';
import type { CellType } from './create-project';
import type { StarterOptions } from './options';

const descriptions: Readonly<Record<CellType, string>> = {
  lstm: 'remembers over long distances',
  gru: 'nearly as much with three quarters of the weights',
  rnn: 'the plain one, to see what the others are for',
};

/** The user wants out: nothing is written. */
export class Cancelled extends Error {}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Cancelled();
  return answer as Exclude<T, symbol>;
}

/** The options with the answers. @throws {@link Cancelled} */
export async function ask(given: StarterOptions): Promise<StarterOptions> {
  const folder =
    given.folder ??
    answered(
      await text({ message: 'Folder of the new project?', placeholder: 'my-rnn', defaultValue: 'my-rnn' }),
    );
  const path =
    given.text ??
    answered(
      await text({
        message: 'A text file to learn from?',
        placeholder: 'none: names of dinosaurs',
        defaultValue: '',
        validate: (value) => (!value || existsSync(value) ? undefined : `There is no file "${value}".`),
      }),
    );
  const cell =
    given.cell ??
    answered(
      await select<CellType>({
        message: 'Which cell?',
        options: Object.entries(descriptions).map(([value, hint]) => ({
          value: value as CellType,
          label: value.toUpperCase(),
          hint,
        })),
      }),
    );
  const install = given.install ?? answered(await confirm({ message: 'Install its dependencies now?' }));
  return { ...given, folder, text: path || undefined, cell, install };
}
