/** `npm install @rnnlab/lstm`, and nothing else: train on ten names, save, load, sample. */
import { readFileSync } from 'node:fs';
import { commonJs } from '../common-js.mjs';
import { installedPackages } from '../installed-packages.mjs';
import { project } from '../project.mjs';

const program = readFileSync(new URL('../programs/train-ten-names.mjs', import.meta.url), 'utf8');

export async function library(registry) {
  const { cwd, must } = await project(registry, {
    name: 'library',
    files: {
      'package.json': '{ "private": true }',
      'train.mjs': program,
      'train.cjs': commonJs(program),
    },
    install: ['@rnnlab/lstm'],
  });
  const installed = installedPackages(cwd).join(' ');
  if (installed !== '@rnnlab/lstm @rnnlab/rnn @rnnlab/tensor') {
    throw new Error(
      `npm install @rnnlab/lstm installed ${installed}, expected only its sisters rnn and tensor.`,
    );
  }
  const esm = await must(process.execPath, 'train.mjs');
  const cjs = await must(process.execPath, 'train.cjs');
  if (esm !== cjs) throw new Error(`As an ES module: ${esm}, as CommonJS: ${cjs}`);
  return esm.trim();
}
