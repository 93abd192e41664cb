/** Runs the package manager that the user came with. */
import { spawn } from 'node:child_process';
import { StarterError } from './starter-error';

const known = ['npm', 'pnpm', 'yarn', 'bun'];

/** npm, pnpm, yarn and bun tell who they are in `npm_config_user_agent`. */
export function packageManager(env: Readonly<Record<string, string | undefined>>): string {
  const name = env.npm_config_user_agent?.split('/')[0] ?? '';
  return known.includes(name) ? name : 'npm';
}

/** @throws {@link StarterError} when it fails; the project stays. */
export function installDependencies(folder: string, manager: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(manager, ['install'], {
      cwd: folder,
      stdio: 'inherit',
      shell: process.platform === 'win32', // batch files there
    });
    const fail = (cause: string) =>
      reject(
        new StarterError(`${manager} install failed (${cause}). The project is written; run it there again.`),
      );
    child.on('error', (error) => fail(error.message));
    child.on('close', (code) => (code === 0 ? resolve() : fail(`exit code ${code}`)));
  });
}
