import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadCheckpoint } from '@rnnlab/train/node';
import { expect, it } from 'vitest';
import { optimizerNames } from './create-optimizer';
import { main } from './main';
import { readTextFiles } from './read-text-files';
import { capturedIO } from './testing/captured-io';
import { someNames, someText, temporaryFile, temporaryFolder } from './testing/small-corpus';

async function train(file: string, ...options: string[]): Promise<string> {
  const io = capturedIO({ env: { RNNLAB_COMMAND: 'npm run rnnlab --' } });
  const args = ['train', file, '--out', `${file}.safetensors`, '--hidden', '6', ...options];
  expect([await main(args, io), io.err()]).toEqual([0, '']);
  return io.out();
}

it('tells the facts of the corpus, the model and the reference lines before it trains', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const out = await train(file, '--epochs', '2', '--cell', 'gru');
  const [before] = out.split('\nstep ');
  expect(before).toContain('read as     one example a line: 60 lines of 5 characters on average');
  expect(before).toContain('split       54 lines for training, 6 lines for validation');
  // V = 15, H = 6: 3·6·(15 + 6 + 2) of the GRU, 6·15 + 15 of the head
  expect(before).toContain('model       GRU, 1 layer of 6 units, one-hot input: 519 parameters');
  expect(before).toMatch(
    /reference +a unigram scores 2\.\d{3}, a bigram \d\.\d{3}, a 5-gram \d\.\d{3} nats\/char on the validation part/,
  );
  expect(out).toMatch(/\nstep 2\/4 · epoch 1 · train \d\.\d{3} · validation \d\.\d{3} nats\/char · /);
  expect(out).toMatch(
    /\nTrained after 4 steps \(2 epochs, \d+ s\)\. Best validation: \d\.\d{3} nats\/char at step 4; bigram/,
  );
});

it('marks generated lines that stand in the corpus, says what the marks mean, and how to go on', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const out = await train(file, '--epochs', '60', '--lr', '0.03');
  const after = out.slice(out.indexOf('Ten generated lines'));
  const lines = after.split('\n').slice(1, 11);
  for (const line of lines) expect(line).toMatch(/^ {2}[ *+] [a-z]*$/);
  const corpus = new Set(someNames.toLowerCase().split('\n'));
  for (const line of lines) expect(line[2] === ' ').toBe(!corpus.has(line.slice(4)));
  expect(lines.filter((line) => line[2] !== ' ').length).toBeGreaterThan(0);
  expect(after).toContain('* stands in the training list   + stands in the validation list   others are new');
  expect(after).toContain(`Checkpoint saved: ${file}.safetensors\n`);
  expect(after).toContain(`npm run rnnlab -- generate ${file}.safetensors --prompt aa\n`);
  expect((await readdir(dirname(file))).sort()).toEqual(['names.txt', 'names.txt.safetensors']);
});

it('trains on one long text and shows a passage', async () => {
  const file = await temporaryFile('play.txt', someText);
  const out = await train(file, '--seq-len', '16', '--batch', '4', '--steps', '20', '--embedding', '5');
  expect(out).toMatch(/read as +one long text: \d+ empty lines between the others/);
  expect(out).toContain('split       2,302 characters for training, 255 characters for validation');
  expect(out).toContain('LSTM, 1 layer of 6 units, embedding of 5');
  expect(out).toMatch(/\nTrained after 20 steps/);
  expect(out).toContain('A passage (temperature 0.8):');
  expect(out).toContain('--prompt Line\n');
});

it('gives the same model for the same seed and another for another', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const losses = async (...options: string[]) =>
    (await train(file, '--epochs', '2', ...options)).match(/(train|validation) \d\.\d{3}/g);
  const first = await losses('--seed', '4');
  expect(await losses('--seed', '4')).toEqual(first);
  expect(await losses('--seed', '5')).not.toEqual(first);
});

it.each(optimizerNames)('trains with %s', async (optimizer) => {
  const file = await temporaryFile('names.txt', someNames);
  const out = await train(file, '--epochs', '1', '--optimizer', optimizer, '--lr', '0.01', '--clip', '1');
  expect(out).toContain(
    `optimizer   ${optimizer}, learning rate 0.01, batches of 32 lines, gradient norm clipped at 1`,
  );
});

it('moves the learning rate, decays weights and joins batches as it is told', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const flags = ['--batch', '4', '--accumulate', '3', '--schedule', 'linear', '--warmup', '1'];
  const out = await train(file, '--optimizer', 'adamw', '--weight-decay', '0.5', '--epochs', '1', ...flags);
  expect(out).toContain(
    'adamw, learning rate 0.01 (linear, 1 step of warm-up), weight decay 0.5, batches of 4 lines, 3 of them a step, ',
  );
  const lines = (await train(file, '--epochs', '1', '--json', ...flags)).trimEnd().split('\n');
  const steps = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'step');
  // ⌈14 batches / 3⌉ = 5 steps: one of warm-up, then 4 on the line from 0.01 to 0
  const rates = steps.map(({ learningRate }) => learningRate);
  expect(rates).toEqual([0.005, 0.01, 0.0075, 0.005, 0.0025].map((rate) => expect.closeTo(rate, 12)));
});

it('measures and draws samples as often as it is told', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const out = await train(file, '--batch', '4', '--steps', '20', '--evaluate-every', '8', '--json');
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; step: number });
  const at = (wanted: string) => events.filter(({ type }) => type === wanted).map(({ step }) => step);
  expect(at('evaluation')).toEqual([8, 16, 20]);
  expect(at('sample')).toEqual([8, 16]);
});

it('decays the weights more with a larger --weight-decay', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const size = async (decay: string) => {
    await train(file, '--epochs', '3', '--optimizer', 'adamw', '--weight-decay', decay);
    const { tensors } = await loadCheckpoint(`${file}.safetensors`);
    return Math.hypot(...tensors.get('rnn.weight_hh_l0')!.data);
  };
  expect(await size('20')).toBeLessThan(0.5 * (await size('0')));
});

it('keeps capitals, holds out what it is told and stops by time', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const out = await train(file, '--no-lower-case', '--validation-fraction', '0.25', '--minutes', '0.005');
  expect(out).toContain('split       45 lines for training, 15 lines for validation');
  expect(out).not.toContain('lower-cased');
  expect(out).toMatch(/\nTime is up after/);
  const none = await train(file, '--validation-every', '0', '--steps', '3');
  expect(none).toContain('reference   none: no validation part to measure on');
});

it('says why training went nowhere, with exit code 1', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const io = capturedIO();
  const args = ['train', file, '--out', `${file}.safetensors`, '--hidden', '6'];
  expect(await main([...args, '--optimizer', 'sgd', '--lr', '1e30', '--clip', '0'], io)).toBe(1);
  expect(io.err()).toMatch(/^rnnlab: Trainer: step \d+ was not taken: .* Lower the learning rate/);
});

it('takes several files and folders in the order given', async () => {
  const folder = await temporaryFolder();
  const paths = ['z.txt', 'more/b.txt', 'more/a.txt', 'a.txt'].map((name) => join(folder, name));
  await mkdir(join(folder, 'more'));
  const lines = ['zoe\nzed', 'bob\n', 'amy', 'ann\nabe'];
  for (const [k, path] of paths.entries()) await writeFile(path, lines[k]);
  const io = capturedIO();
  const files = [paths[0], join(folder, 'more'), paths[3]];
  const out = join(folder, 'model.safetensors');
  const options = ['--data', 'text', '--seq-len', '5', '--validation-fraction', '0', '--steps', '1'];
  const args = ['train', ...files, '--out', out, '--hidden', '4', ...options];
  expect([await main(args, io), io.err()]).toEqual([0, '']);
  expect(io.out()).toContain(`corpus      ${files.join(', ')}: `);
  expect(await readTextFiles(files)).toBe('zoe\nzed\namy\nbob\nann\nabe');
  const [inspecting, resuming] = [capturedIO(), capturedIO()];
  expect([await main(['inspect', out], inspecting), inspecting.err()]).toEqual([0, '']);
  expect(inspecting.out()).toContain(`corpus      ${files.join(', ')}, read as text`);
  expect([await main(['resume', out, '--steps', '2'], resuming), resuming.err()]).toEqual([0, '']);
  const failing = capturedIO();
  expect(await main(['train', paths[0], join(folder, 'gone.txt')], failing)).toBe(1);
  expect(failing.err()).toMatch(/^rnnlab: Cannot read ".*gone\.txt": there is no such file; /);
});

it('takes the .txt files of a folder together', async () => {
  const file = await temporaryFile('a.txt', someNames);
  await writeFile(join(dirname(file), 'b.txt'), 'Zed\nZoe\n');
  await writeFile(join(dirname(file), 'c.md'), 'no text of ours\n');
  const io = capturedIO();
  const out = join(dirname(file), 'model.safetensors');
  expect([
    await main(['train', dirname(file), '--out', out, '--steps', '1', '--hidden', '4'], io),
    io.err(),
  ]).toEqual([0, '']);
  expect(io.out()).toContain('one example a line: 62 lines');
});
