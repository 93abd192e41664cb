/** The whole of `npm create rnnlab`: options, questions, files, installation, what to do next. */
import { relative } from 'node:path';
import { cancel, intro, log, outro } from '@clack/prompts';
import { ask, Cancelled } from './ask';
import { createProject } from './create-project';
import { installDependencies, packageManager } from './install-dependencies';
import { help, parseOptions } from './options';
import { ownManifest } from './project-versions';
import { StarterError } from './starter-error';

/** @returns the exit code: 0 done, 1 something was wrong, 130 cancelled */
export async function main(parameters: readonly string[]): Promise<number> {
  try {
    const given = parseOptions(parameters);
    if (given.help || given.version) {
      process.stdout.write(given.help ? help : `${ownManifest().version}\n`);
      return 0;
    }
    intro('rnnlab: a recurrent network of your own');
    const interactive = !given.yes && process.stdin.isTTY && process.stdout.isTTY;
    const options = interactive ? await ask(given) : given;
    const folder = await createProject({ ...options, folder: options.folder ?? 'my-rnn' });
    const manager = packageManager(process.env);
    const here = relative(process.cwd(), folder) || '.';
    log.success(`Written to ${here}`);
    if (options.install) await installDependencies(folder, manager);
    const steps = [`cd ${here}`, ...(options.install ? [] : [`${manager} install`]), `${manager} run train`];
    outro(`Next: ${steps.join(' && ')}`);
    return 0;
  } catch (error) {
    if (error instanceof Cancelled) {
      cancel('Nothing was written.');
      return 130;
    }
    if (!(error instanceof StarterError)) throw error;
    process.stderr.write(`create-rnnlab: ${error.message}\n`);
    return 1;
  }
}
