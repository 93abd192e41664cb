/**
 * `npm run docs`: the API pages of every package by typedoc (a warning is an error), then the site by VitePress
 * (a dead link is an error), in docs/.vitepress/dist. Needs no network once the workspace is installed.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { install, root } from './pinned-pnpm.mjs';
import { run } from './run.mjs';

rmSync(join(root, 'docs/api'), { recursive: true, force: true });

const steps = [
  ['Installing', install],
  ['API pages', () => run('pnpm', ['exec', 'typedoc'])],
  ['Site', () => run('pnpm', ['--filter', '@rnnlab/docs', 'run', 'site'])],
];
for (const [name, work] of steps) {
  const { ok, output } = await work();
  if (ok) continue;
  console.error(`${name}: failed\n${output}`);
  process.exit(1);
}
console.log('the site is in docs/.vitepress/dist');
