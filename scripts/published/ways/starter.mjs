/** `npm create rnnlab`, without questions; then the project that it wrote is type-checked, trained, resumed and asked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, registryEnvironment } from '../project.mjs';
import { run } from '../../run.mjs';

const dinos = readFileSync(new URL('../../../examples/data/dinos.txt', import.meta.url), 'utf8');

export async function starter(registry) {
  const names = dinos.split('\n').slice(0, 300).join('\n');
  // `create-rnnlab` has no scope: npm has to look for everything at the registry on loopback, which hands it through.
  const from = { all: true, fresh: true };
  const { cwd, must } = await project(registry, { name: 'starter', files: { 'names.txt': names }, from });
  const answers = ['--yes', '--text', 'names.txt', '--cell', 'gru', '--no-install'];
  await must('npm', 'create', '--yes', 'rnnlab@latest', 'my-names', '--', ...answers);

  const written = join(cwd, 'my-names');
  const env = registryEnvironment(registry, written);
  const npm = async (...parameters) => {
    const { ok, output } = await run('npm', parameters, { cwd: written, env });
    if (!ok) throw new Error(`In the starter's project: npm ${parameters.join(' ')}: failed\n${output}`);
    return output;
  };
  await npm('install', '--prefer-offline', '--no-audit', '--no-fund');
  await npm('run', 'typecheck');
  const trained = epochsIn(await npm('run', 'train', '--', '--epochs', '1'));
  const resumed = epochsIn(await npm('run', 'resume', '--', '--epochs', '2'));
  if (trained !== '1' || resumed !== '2') {
    throw new Error(`train measured epochs ${trained}, resume ${resumed}, expected 1 and 2.`);
  }
  const generated = (await npm('run', '--silent', 'generate', '--', '--count', '2')).trim().split('\n');
  if (generated.length !== 2) throw new Error(`generate --count 2 wrote:\n${generated.join('\n')}`);
  return `it writes ${generated.join(', ')}`;
}

/** The epochs that were measured, as its lines say. */
function epochsIn(output) {
  return [...output.matchAll(/^epoch (\d+):/gm)].map(([, epoch]) => epoch).join();
}
