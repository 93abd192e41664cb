import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCheckpoint } from '@rnnlab/train/node';
import { expect, it } from 'vitest';
import { main } from './main';
import { openCorpus } from './open-corpus';
import { capturedIO } from './testing/captured-io';
import { someNames, someText, temporaryFile, temporaryFolder } from './testing/small-corpus';

async function run(...args: string[]) {
  const io = capturedIO();
  const code = await main(args, io);
  return { code, out: io.out(), err: io.err() };
}

const small = ['--hidden', '6', '--seq-len', '16', '--batch', '4'];

it('trains on a streamed text as on one in memory, and resumes and measures it as a stream', async () => {
  const file = await temporaryFile('play.txt', someText.replaceAll('\n', '\r\n'));
  const train = (out: string, ...options: string[]) => run('train', file, ...small, '--out', out, ...options);
  const folder = await temporaryFolder();
  const [streamed, memory] = ['streamed', 'memory'].map((name) => join(folder, `${name}.safetensors`));
  const first = await train(streamed, '--stream', '--steps', '9');
  expect(first.err).toBe('');
  expect(first.out).toContain('read as     one long text: --stream (');
  expect(first.out).toContain('split       2,302 characters for training, 255 characters for validation');
  expect(first.out).toMatch(/reference +a unigram scores \d\.\d{3}, a bigram \d\.\d{3} nats\/char on/);
  expect(first.out).toContain('--prompt Line\n');
  expect((await run('resume', streamed, '--steps', '20')).err).toBe('');
  expect((await train(memory, '--no-stream', '--steps', '20')).err).toBe('');
  const [one, other] = await Promise.all([streamed, memory].map((path) => loadCheckpoint(path)));
  expect(one.progress!.dataset).toEqual(other.progress!.dataset);
  for (const [name, { data }] of one.tensors) expect(data, name).toEqual(other.tensors.get(name)!.data);
  const measured = await run('eval', streamed);
  expect(measured.out.split('\n')[0]).toBe((await run('eval', memory)).out.split('\n')[0]);
  expect((await run('eval', streamed, file)).out).toContain(`nats/char on all of ${file}, 2,558 characters`);
});

it('streams a long text by itself, and no list of lines', async () => {
  const text = await temporaryFile('play.txt', someText);
  const open = (file: string, options: object = {}, limit = 2000) =>
    openCorpus([file], { data: 'auto', seqLen: 16, ...options }, { limit });
  const { settings, because } = await open(text);
  expect([settings.stream, because]).toEqual([true, '2.6 kB, streamed from the disk']);
  expect((await open(text, {}, 3000)).settings.stream).toBe(undefined);
  expect((await open(text, { stream: false })).settings.stream).toBe(false);
  const names = await temporaryFile('names.txt', someNames);
  expect((await open(names, {}, 10)).settings).toMatchObject({ data: 'lines' });
  expect((await open(names, { data: 'text' }, 10)).settings.stream).toBe(true);
});

it('refuses what cannot be together, and says what is wrong with the files', async () => {
  const file = await temporaryFile('play.txt', someText);
  const refused = async (...options: string[]) => (await run('train', ...options)).err;
  expect(await refused(file, '--stream', '--data', 'lines')).toBe(
    'rnnlab: --stream reads one long text, and --data lines asks for lines: leave one of them out.\n',
  );
  expect(await refused(file, '--stream', '--lower-case')).toMatch(
    /A text that is streamed is read as it is: leave out --lower-case, or give --no-stream/,
  );
  expect(await refused(`${file}x`, '--stream')).toMatch(
    /Cannot read ".*play\.txtx": there is no such file; /,
  );
  await writeFile(`${file}2`, Uint8Array.of(0x61, 0xff));
  expect(await refused(`${file}2`, '--stream')).toMatch(/play\.txt2: byte 1 \(0xFF, line 1\) is not UTF-8\./);
});

it.each([
  ['bytes', 'nats/byte', 256],
  ['bpe', 'nats/token', 300],
  ['words', 'nats/token', 12],
])('trains on %s', async (kind, unit, size) => {
  const out = join(await temporaryFolder(), 'm.safetensors');
  const sized = kind === 'bytes' ? [] : ['--vocab-size', String(size)];
  for (const [name, corpus] of [
    ['names.txt', someNames],
    ['play.txt', someText],
  ]) {
    const file = await temporaryFile(name, corpus);
    const flags = [
      '--tokenizer',
      kind,
      ...sized,
      '--epochs',
      '1',
      '--hidden',
      '5',
      '--seq-len',
      '8',
      '--batch',
      '2',
    ];
    const trained = await run('train', file, '--out', out, ...flags);
    expect(trained.err).toBe('');
    expect(Number(/(\d+) distinct tokens/.exec(trained.out)![1])).toBeLessThanOrEqual(size);
    expect(trained.out).toMatch(new RegExp(`Best validation: \\d\\.\\d{3} ${unit} at step`));
    const { tensors, progress } = await loadCheckpoint(out);
    expect(tensors.get('head.bias')!.size).toBe(progress!.dataset.vocabSize);
    expect((await run('eval', out)).out).toMatch(new RegExp(`${unit} on .*\n\\d\\.\\d{3} bits/char`));
    const generated = await run('generate', out, '--count', '1', '--length', '5', '--prompt', 'Zoë');
    expect([generated.code, generated.err]).toEqual([0, '']);
    expect((await run('resume', out, '--epochs', '2')).err).toBe('');
  }
});

it('refuses sizes that a tokenizer cannot have', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const refused = async (...options: string[]) => (await run('train', file, ...options)).err;
  expect(await refused('--vocab-size', '50')).toBe(
    'rnnlab: --vocab-size is for --tokenizer bpe and words; characters have as many ids as there are.\n',
  );
  expect(await refused('--tokenizer', 'bpe', '--vocab-size', '256')).toBe(
    'rnnlab: --vocab-size 256 is too small for bpe, which begins with 256 bytes: give at least 257.\n',
  );
});
