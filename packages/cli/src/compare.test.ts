import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { comparisonPage } from './comparison-page';
import { loadTfCompare } from './load-tf-compare';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, someText, temporaryFile, temporaryFolder } from './testing/small-corpus';

/** Engine cpu: it is there on every machine. The other engines are tested in tf-compare. */
async function compared(...args: string[]) {
  const folder = await temporaryFolder();
  const out = join(folder, 'pages', 'page.html');
  const io = capturedIO();
  expect([await main(['compare', ...args, '--engine', 'cpu', '--out', out], io), io.err()]).toEqual([0, '']);
  const page = await readFile(out, 'utf8');
  const numbers = JSON.parse(await readFile(join(folder, 'pages', 'page.json'), 'utf8'));
  return { said: io.out(), page, numbers };
}

it('trains both on the same lines, and writes one page and its numbers', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const small = ['--hidden', '6', '--batch', '8', '--steps', '20'];
  const { said, page, numbers } = await compared(file, ...small);
  expect(said).toMatch(/^engine {6}cpu: TensorFlow\.js 4\.\d+\.\d+\n/);
  expect(said).toMatch(
    /\ntraining {4}step 20\/20: loss (\d\.\d{4}) here, \1 there; apart: loss \S+, weights \S+\n/,
  );
  expect(said).toMatch(/At the same seed 5 of 5 samples are the same to the letter\./);
  expect(numbers.settings).toMatchObject({ cell: 'lstm', hidden: 6, optimizer: 'adam' });
  expect(numbers.training.steps).toHaveLength(20);
  expect(numbers.training.largestLossDifference).toBeLessThan(1e-4);
  expect(numbers.forward.largest.relative).toBeLessThan(2e-6);
  expect(numbers.gradients.largest.relative).toBeLessThan(2e-5);
  expect(numbers.gates.tensors.map(({ name }: { name: string }) => name)).toEqual([
    'i',
    'f',
    'g',
    'o',
    'h',
    'c',
  ]);
  expect(numbers.samples.rnnlab).toEqual(numbers.samples.tensorflow);
  expect(page).toContain('<title>LSTM on names.txt: rnnlab and TensorFlow.js</title>');
  for (const part of [
    'uPlot',
    'rnn.weight_hh_l0',
    'l0.f',
    'forget gate',
    'TensorFlow.js',
    'memory at the peak',
  ]) {
    expect(page).toContain(part);
  }
  expect(page).not.toMatch(/(?:src|href)=|@import|url\(/);
});

it('compares a GRU in the form that both have, on one text with carried state', async () => {
  const file = await temporaryFile('play.txt', someText);
  const small = [
    '--data',
    'text',
    '--seq-len',
    '8',
    '--hidden',
    '5',
    '--batch',
    '4',
    '--steps',
    '6',
    '--cell',
    'gru',
  ];
  const { numbers } = await compared(file, ...small, '--layers', '2', '--optimizer', 'sgd', '--clip', '0');
  expect(numbers.settings).toMatchObject({ data: 'text', resetAfter: false, optimizer: 'sgd' });
  expect(numbers.forward.tensors.map(({ name }: { name: string }) => name)).toEqual(
    'l0.r l0.z l0.n l0.h l1.r l1.z l1.n l1.h logits'.split(' '),
  );
  expect(numbers.training.largestLossDifference).toBeLessThan(1e-5);
});

it('needs no file: a list of names comes with it; a name or a text cannot break out of the page', async () => {
  const { numbers } = await compared('--hidden', '4', '--steps', '2', '--cell', 'rnn', '--batch', '4');
  expect(numbers.title).toBe('RNN on a list of given names: rnnlab and TensorFlow.js');
  const evil = '</script><script>alert(1)</script>';
  const page = comparisonPage({
    ...numbers,
    title: evil,
    versions: { ...numbers.versions, [evil]: evil },
    settings: { [evil]: evil },
    gates: { ...numbers.gates, text: [evil] },
    samples: { ...numbers.samples, rnnlab: [evil] },
  });
  expect(page).not.toContain('<script>alert');
});

it('finds out before training that the page cannot be written', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const io = capturedIO();
  expect(await main(['compare', file, '--out', join(file, 'page.html')], io)).toBe(1);
  expect(io.err()).toBe(
    `rnnlab: Cannot write the page "${join(file, 'page.html')}": a part of its path is a file, not a folder; choose another --out.\n`,
  );
  expect(io.out()).toBe('');
});

it('says what to install when tf-compare, or what it needs, is not there', async () => {
  const missing = (name: string) => () => {
    const message = `Cannot find package '${name}' imported from /somewhere/load.js`;
    return Promise.reject(Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' }));
  };
  await expect(loadTfCompare(missing('@rnnlab/tf-compare'))).rejects.toThrow(
    "rnnlab compare needs TensorFlow.js, and @rnnlab/tf-compare is not installed: npm install @rnnlab/tf-compare (and @tensorflow/tfjs-node for TensorFlow's own kernels).",
  );
  const broken = new Error('a bug');
  await expect(loadTfCompare(() => Promise.reject(broken))).rejects.toBe(broken);
});

it('stops in the middle of the training when it is told to, and writes nothing', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const out = `${file}.html`;
  const io = capturedIO();
  const small = ['--hidden', '4', '--batch', '4', '--engine', 'cpu'];
  const running = main(['compare', file, ...small, '--steps', '100000', '--out', out], io);
  setTimeout(io.interrupt, 500);
  expect(await running).toBe(130);
  await expect(readFile(out)).rejects.toThrow('ENOENT');
});
