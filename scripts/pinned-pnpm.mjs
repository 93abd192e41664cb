/**
 * The workspace on a machine that has only Node and npm: finds or fetches the pnpm that package.json pins,
 * installs what the lock file says and builds what is asked for. Used by start, test and docs.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [, version] = /^pnpm@([^+]+)/.exec(packageManager);

/**
 * Puts the pinned pnpm first on PATH, where turbo looks for it too, and installs exactly what pnpm-lock.yaml says;
 * a second or two when nothing is to do.
 */
export async function install() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) return { ok: false, output: `Node is ${process.versions.node}, expected 20 or newer.\n` };
  if ((await run('pnpm', ['--version'])).stdout.trim() !== version) {
    const print = ['node', '-p', 'process.env.PATH'];
    const npx = await run('npx', ['--yes', '--prefer-offline', `--package=pnpm@${version}`, '--', ...print]);
    if (!npx.ok) return { ok: false, output: `npx could not fetch pnpm ${version}:\n${npx.output}` };
    process.env.PATH = npx.stdout.trim();
  }
  const quick = ['--prefer-offline', '--config.confirm-modules-purge=false'];
  return run('pnpm', ['install', '--frozen-lockfile', ...quick]);
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
