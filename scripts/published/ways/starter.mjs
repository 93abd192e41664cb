/** `npm create rnnlab`, without questions; then the project that it wrote is type-checked, trained, resumed and asked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, registryEnvironment } from '../project.mjs';
import { run } from '../../run.mjs';

const dinos = readFileSync(new URL('../../../examples/data/dinos.txt', import.meta.url), 'utf8');

export async function starter(registry) {
  const names = dinos.split('\n').slice(0, 300).join('\n');
  const { cwd, must } = await project(registry, { name: 'starter', files: { 'names.txt': names } });
  // `create-rnnlab` has no scope: npm has to look for everything at the registry on loopback, which hands it through.
  const create = ['create', '--yes', 'rnnlab@latest', 'my-names', '--'];
  const answers = ['--yes', '--text', 'names.txt', '--cell', 'gru', '--no-install'];
  const env = registryEnvironment(registry, cwd, { all: true });
  const { ok, output } = await run('npm', [...create, ...answers], { cwd, env });
  if (!ok) throw new Error(`npm create rnnlab: failed\n${output}`);

  const inProject = (...parameters) => must('npm', '--prefix', join(cwd, 'my-names'), ...parameters);
  await inProject('install', '--prefer-offline', '--no-audit', '--no-fund');
  await inProject('run', 'typecheck');
  const trained = await inProject('run', 'train', '--', '--epochs', '1');
  const resumed = await inProject('run', 'resume', '--', '--epochs', '2');
  const epochs = (text) => [...text.matchAll(/^epoch (\d+):/gm)].map(([, epoch]) => epoch).join();
  if (epochs(trained) !== '1' || epochs(resumed) !== '2') {
    throw new Error(
      `train measured epochs ${epochs(trained)}, resume ${epochs(resumed)}, expected 1 and 2:\n${resumed}`,
    );
  }
  const written = await inProject('run', '--silent', 'generate', '--', '--count', '2');
  const lines = written.trim().split('\n');
  if (lines.length !== 2) throw new Error(`generate --count 2 wrote:\n${written}`);
  return `it writes ${lines.join(', ')}`;
}
