/** `npx @rnnlab/cli train names.txt`, where nothing is installed; then the checkpoint is used. */
import { readFileSync } from 'node:fs';
import { project } from '../project.mjs';

const dinos = readFileSync(new URL('../../../examples/data/dinos.txt', import.meta.url), 'utf8');

export async function command(registry) {
  const names = dinos.split('\n').slice(0, 300).join('\n');
  const { must } = await project(registry, {
    name: 'command',
    files: { 'names.txt': names },
    from: { fresh: true },
  });
  const npx = (...parameters) => must('npx', '--yes', '--prefer-offline', '@rnnlab/cli', ...parameters);
  await npx('train', 'names.txt', '--epochs', '2', '--hidden', '20');
  const generated = await npx('generate', 'runs/names-lstm.safetensors', '--count', '2', '--seed', '1');
  const lines = generated.trim().split('\n');
  if (lines.length !== 2) throw new Error(`generate --count 2 wrote:\n${generated}`);
  return `it writes ${lines.map((line) => line.trim()).join(', ')}`;
}
