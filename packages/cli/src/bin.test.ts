/** The program as a process: its arguments, its exit codes, its pipes and its signals. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCheckpoint } from '@rnnlab/train/node';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { someNames, temporaryFile } from './testing/small-corpus';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules/.cache/rnnlab/bin.mjs'); // where the dependencies are found

// From the sources of all packages, so that no build is needed.
beforeAll(async () => {
  await build({
    entryPoints: [join(root, 'src/bin.ts')],
    outfile: bin,
    tsconfig: join(root, 'tsconfig.json'), // its paths lead to the sources
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    packages: 'external', // all but the sisters, whose sources the paths of tsconfig.json name,
    external: ['@rnnlab/backend-blas', '@rnnlab/tf-compare'], // optional peers, imported when they are asked for
    logLevel: 'error',
  });
});

interface Running {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  ended: Promise<number | null>;
}

function start(args: string[], cwd: string): Running {
  const { RNNLAB_COMMAND: _1, npm_lifecycle_event: _2, ...env } = process.env;
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...env, NO_COLOR: '1' } });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (texts.out += String(chunk)));
  child.stderr.on('data', (chunk) => (texts.err += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, out: () => texts.out, err: () => texts.err, ended };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

it('trains, saves under runs/, and says how to go on with a command that works', async () => {
  const cwd = dirname(await temporaryFile('names.txt', someNames));
  const training = start(['train', 'names.txt', '--hidden', '8', '--epochs', '3'], cwd);
  expect([await training.ended, training.err()]).toEqual([0, '']);
  expect(await readdir(join(cwd, 'runs'))).toEqual(['names-lstm.safetensors']);
  const next = /npx rnnlab (generate .*)/.exec(training.out())![1];
  expect(next).toBe('generate runs/names-lstm.safetensors --prompt aa');
  const generating = start(next.split(' '), cwd);
  expect(await generating.ended).toBe(0);
  const lines = generating.out().split('\n').slice(0, -1);
  expect(lines).toHaveLength(10);
  for (const line of lines) expect(line).toMatch(/^aa/);
});

it('saves and says so on Ctrl-C, with exit code 130', async () => {
  const cwd = dirname(await temporaryFile('names.txt', someNames));
  const training = start(['train', 'names.txt', '--hidden', '8', '--epochs', '1000000'], cwd);
  await until(() => training.out().includes('epoch 2 '));
  training.child.kill('SIGINT');
  training.child.kill('SIGINT'); // npm passes the same key press on
  expect([await training.ended, training.err()]).toEqual([130, '']);
  expect(training.out()).toMatch(/Stopped after .* steps/);
  expect(training.out()).toContain('Checkpoint saved: runs/names-lstm.safetensors\n');
  expect(training.out()).toContain('npx rnnlab resume runs/names-lstm.safetensors\n');
  const inspecting = start(['inspect', 'runs/names-lstm.safetensors'], cwd);
  expect(await inspecting.ended).toBe(0);
  expect(inspecting.out()).toMatch(/trained +[\d,]+ steps/);
  expect(await readdir(join(cwd, 'runs'))).toEqual(['names-lstm.safetensors']);
});

it('exits with 1 and one sentence when something is wrong', async () => {
  const cwd = dirname(await temporaryFile('names.txt', someNames));
  const failing = start(['train', 'nams.txt'], cwd);
  expect(await failing.ended).toBe(1);
  expect(failing.out()).toBe('');
  expect(failing.err()).toBe(
    'rnnlab: Cannot read "nams.txt": there is no such file; check the spelling and the folder you are in.\n',
  );
});

it('ends quietly when nobody reads on', async () => {
  const cwd = dirname(await temporaryFile('names.txt', someNames));
  await start(['train', 'names.txt', '--hidden', '4', '--epochs', '1', '--out', 'm.safetensors'], cwd).ended;
  const generating = start(['generate', 'm.safetensors', '--count', '1000000'], cwd);
  await until(() => generating.out().length > 100);
  generating.child.stdout!.destroy();
  expect([await generating.ended, generating.err()]).toEqual([0, '']);
});

it('sweeps over options in processes of its own and compares them', async () => {
  const cwd = dirname(await temporaryFile('names.txt', someNames));
  const sets = ['--set', 'cell=rnn,gru', '--set', 'hidden=4,6'];
  const sweeping = start(['sweep', 'names.txt', ...sets, '--jobs', '2', '--', '--epochs', '1'], cwd);
  expect([await sweeping.ended, sweeping.err()]).toEqual([0, '']);
  expect(sweeping.out().match(/^\[\d\/4\] cell=(rnn|gru) hidden=[46]: \d\.\d{3} nats\/char/gm)).toHaveLength(
    4,
  );
  const rows = sweeping.out().trimEnd().split('\n').slice(-4);
  const losses = rows.map((row) => Number(/\d\.\d{3}/.exec(row)![0]));
  expect(losses).toEqual([...losses].sort((a, b) => a - b));
  expect((await readdir(join(cwd, 'runs/sweep'))).sort()).toEqual([
    '01-cell-rnn-hidden-4.safetensors',
    '02-cell-rnn-hidden-6.safetensors',
    '03-cell-gru-hidden-4.safetensors',
    '04-cell-gru-hidden-6.safetensors',
  ]);
});

it('gives the configuration and more files of the corpus to every process of a sweep', async () => {
  const cwd = dirname(await temporaryFile('names.txt', someNames));
  await writeFile(join(cwd, 'more.txt'), 'Zed\nZoe\n');
  await writeFile(
    join(cwd, 'mine.json'),
    JSON.stringify({ train: { hidden: 3, epochs: 1 }, sweep: { jobs: 1 } }),
  );
  const args = [
    'names.txt',
    'more.txt',
    '--set',
    'cell=rnn,gru',
    '--config',
    'mine.json',
    '--',
    '--seed',
    '4',
  ];
  const sweeping = start(['sweep', ...args], cwd);
  expect([await sweeping.ended, sweeping.err()]).toEqual([0, '']);
  for (const name of await readdir(join(cwd, 'runs/sweep'))) {
    const { model, notes } = await loadCheckpoint(join(cwd, 'runs/sweep', name));
    expect(model).toMatchObject({ hiddenSize: 3, seed: 4 });
    expect(JSON.parse(notes.get('rnnlab-cli.run')!)).toMatchObject({ files: ['names.txt', 'more.txt'] });
  }
});
