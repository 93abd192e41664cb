import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCheckpoint, saveCheckpoint } from '@rnnlab/train/node';
import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, someText, temporaryFile } from './testing/small-corpus';

async function run(...args: string[]): Promise<string> {
  const io = capturedIO();
  expect([await main(args, io), io.err()]).toEqual([0, '']);
  return io.out();
}

/** The tensors of a checkpoint: everything behind its header, which holds times. */
async function tensors(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}

it.each([
  ['lines', someNames, ['--batch', '7']],
  ['a text', someText, ['--batch', '4', '--seq-len', '16', '--layers', '2', '--dropout', '0.3']],
])('goes on with %s as if it had never stopped', async (_, corpus, options) => {
  const file = await temporaryFile('corpus.txt', corpus);
  const [whole, half] = [`${file}.whole.safetensors`, `${file}.half.safetensors`];
  const common = ['--hidden', '6', ...options];
  await run('train', file, '--out', whole, '--epochs', '4', ...common);
  await run('train', file, '--out', half, '--steps', '5', ...common);
  const out = await run('resume', half, '--epochs', '4');
  expect(out).toContain('as before, from step 5 on');
  expect((await tensors(half)).equals(await tensors(whole))).toBe(true);
});

it('keeps the measurement at the end of a run among those of the run that goes on', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const [whole, half] = [`${file}.whole.safetensors`, `${file}.half.safetensors`];
  const common = ['--hidden', '9', '--lr', '0.1', '--keep-last', '1'];
  const evaluations = async (path: string) =>
    (await loadCheckpoint(path)).history.map(({ step, loss }) => ({ step, loss }));
  // An epoch has two steps: 119 is measured only because the run ends there, and is not the best.
  const told = await run('train', file, '--out', half, '--steps', '119', ...common, '--json');
  const events = told
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const measured = events.filter(({ type }) => type === 'evaluation');
  expect(measured.at(-1)).toMatchObject({ step: 119, best: false });
  const atTheEnd = measured.map(({ step, loss }) => ({ step, loss }));
  expect(await evaluations(half)).toEqual(atTheEnd);
  const kept = join(half.replace('.safetensors', ''), 'step-00000119.safetensors');
  expect(await evaluations(kept)).toEqual(atTheEnd);

  await run('train', file, '--out', whole, '--steps', '124', ...common);
  await run('resume', half, '--steps', '124');
  expect((await tensors(half)).equals(await tensors(whole))).toBe(true);
  const after = (await evaluations(whole)).filter(({ step }) => Number(step) > 119);
  expect(await evaluations(half)).toEqual([...atTheEnd, ...after]);
  expect(after.map(({ step }) => step)).toEqual([120, 122, 124]);
});

it('goes on with schedule, accumulation, optimizer, weight decay and average after Ctrl-C, without being told again', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const [whole, half] = [`${file}.whole.safetensors`, `${file}.half.safetensors`];
  const course = ['--schedule', 'cosine', '--warmup', '3', '--accumulate', '2', '--batch', '5'];
  const rule = [
    '--optimizer',
    'adamw',
    '--weight-decay',
    '0.3',
    '--ema',
    '0.8',
    '--hidden',
    '6',
    '--epochs',
    '4',
  ];
  await run('train', file, '--out', whole, ...course, ...rule);
  const io = capturedIO();
  const stop = io.stdout.write.bind(io.stdout);
  io.stdout.write = (text: string) => {
    if (text.startsWith('{"type":"step","step":7,')) io.interrupt();
    return stop(text);
  };
  expect(await main(['train', file, '--out', half, '--json', ...course, ...rule], io)).toBe(130);
  expect((await tensors(half)).equals(await tensors(whole))).toBe(false);
  const out = await run('resume', half);
  expect(out).toContain('as before, from step 7 on');
  expect(out).toContain(
    'adamw, learning rate 0.01 (cosine, 3 steps of warm-up), weight decay 0.3, weights averaged with decay 0.8',
  );
  expect((await tensors(half)).equals(await tensors(whole))).toBe(true);
});

it('opens the checkpoints of releases that knew one file', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const [path, old] = [`${file}.safetensors`, `${file}.old.safetensors`];
  await run('train', file, '--out', path, '--epochs', '1', '--hidden', '4');
  const checkpoint = await loadCheckpoint(path);
  const { files, ...rest } = JSON.parse(checkpoint.notes.get('rnnlab-cli.run')!);
  const notes = new Map([['rnnlab-cli.run', JSON.stringify({ file: files[0], ...rest })]]);
  await saveCheckpoint(old, { ...checkpoint, notes });
  await run('resume', path, '--epochs', '2');
  await run('resume', old, '--epochs', '2');
  expect((await tensors(old)).equals(await tensors(path))).toBe(true);
});

it('says what to do when there is nothing left to do, or the corpus is gone or another', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const path = `${file}.safetensors`;
  await run('train', file, '--out', path, '--epochs', '2', '--hidden', '4');
  const failure = async (...args: string[]) => {
    const io = capturedIO();
    expect(await main(['resume', path, ...args], io)).toBe(1);
    return io.err();
  };
  expect(await failure()).toBe(
    `rnnlab: "${path}" has been trained for 2 epochs (4 steps) and is at its end: say how far to go, e.g. --epochs 4.\n`,
  );
  await rename(file, `${file}.moved`);
  expect(await failure('--epochs', '3')).toContain(`Cannot read "${file}": there is no such file`);
  await writeFile(file, someNames.slice(0, -30));
  expect(await failure('--epochs', '3')).toMatch(/^rnnlab: .*trainingLines/s);
  await run('resume', path, '--file', `${file}.moved`, '--epochs', '3');
});
