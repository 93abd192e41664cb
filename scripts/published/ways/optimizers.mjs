/** `npm install @rnnlab/optimizers` alone, on plain typed arrays. */
import { readFileSync } from 'node:fs';
import { commonJs } from '../common-js.mjs';
import { installedPackages } from '../installed-packages.mjs';
import { project } from '../project.mjs';

const program = readFileSync(new URL('../programs/optimize-arrays.mjs', import.meta.url), 'utf8');

export async function optimizers(registry) {
  const { cwd, must } = await project(registry, {
    name: 'optimizers',
    files: { 'package.json': '{ "private": true }', 'fit.mjs': program, 'fit.cjs': commonJs(program) },
    install: ['@rnnlab/optimizers'],
  });
  const installed = installedPackages(cwd).filter((name) => !name.startsWith('@rnnlab/'));
  if (installed.length) throw new Error(`npm install @rnnlab/optimizers installed ${installed} too.`);
  for (const file of ['fit.mjs', 'fit.cjs']) await must(process.execPath, file);
  return `with ${installedPackages(cwd).join(', ')}`;
}
