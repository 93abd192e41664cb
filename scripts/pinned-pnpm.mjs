/**
 * The workspace on a machine that has only Node and npm: finds or fetches the pnpm that package.json pins,
 * installs what the lock file says and builds what is asked for. Used by start, test and docs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [, version] = /^pnpm@([^+]+)/.exec(packageManager);

/** npm's and pnpm's commands are batch files on Windows, which only a shell can start. */
const shell = process.platform === 'win32';

/** Puts the pinned pnpm first on PATH, where turbo looks for it too. */
export function providePnpm() {
  if (installedPnpm() === version) return;
  const path = execFileSync(
    'npx',
    ['--yes', '--prefer-offline', `--package=pnpm@${version}`, '--', 'node', '-p', 'process.env.PATH'],
    {
      cwd: root,
      shell,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  process.env.PATH = path.trim().split(/\r?\n/).at(-1);
}

function installedPnpm() {
  try {
    return execFileSync('pnpm', ['--version'], { cwd: root, shell, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

/** Installs exactly what pnpm-lock.yaml says; a second when nothing is to do. */
export function install() {
  return run('pnpm', [
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
    '--config.confirm-modules-purge=false',
  ]);
}

/** Runs a turbo task in every package, or in `packages` and what they depend on. Cached by content. */
export function turbo(task, packages = []) {
  const filters = packages.map((name) => `--filter=${name}`);
  return run('pnpm', [
    'exec',
    'turbo',
    'run',
    task,
    '--output-logs=errors-only',
    '--log-order=grouped',
    ...filters,
  ]);
}
