import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createLanguageModel } from '@rnnlab/train';
import { saveCheckpoint } from '@rnnlab/train/node';
import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, someText, temporaryFile, temporaryFolder } from './testing/small-corpus';

/** Runs a command that fails, and gives its one line on stderr. */
async function failure(...args: string[]): Promise<string> {
  const io = capturedIO();
  expect(await main(args, io)).toBe(1);
  expect(io.err()).toMatch(/^rnnlab: [^\n]+\n$/);
  return io.err().slice('rnnlab: '.length, -1);
}

it.each([
  [['--help'], ['rnnlab train names.txt', 'generate', 'inspect', 'Exit codes:']],
  [
    ['train', '--help'],
    ['--cell <type>', '(choices: "rnn", "lstm", "gru")', 'Examples:', '--data auto'],
  ],
  [
    ['generate', '--help'],
    ['--temperature <t>', 'Examples:', '--prompt "ROMEO:"'],
  ],
  [
    ['inspect', '--help'],
    ['<checkpoint>', 'Examples:'],
  ],
  [['--version'], ['development']],
])('%j prints help and succeeds', async (args, parts) => {
  const io = capturedIO();
  expect(await main(args, io)).toBe(0);
  for (const part of parts) expect(io.out()).toContain(part);
  expect(io.err()).toBe('');
});

it.each([
  [['trian', 'x'], "Unknown command 'trian' (Did you mean train?) See --help."],
  [['train'], "Missing required argument 'files'. See --help."],
  [['train', 'x', '--celll', 'gru'], "Unknown option '--celll' (Did you mean --cell?) See --help."],
  [
    ['train', 'x', '--cell', 'elman'],
    "Option '--cell <type>' argument 'elman' is invalid. Allowed choices are rnn, lstm, gru. See --help.",
  ],
  [
    ['train', 'x', '--hidden', '5.5'],
    "Option '--hidden <H>' argument '5.5' is invalid. Expected an integer of at least 1. See --help.",
  ],
  [
    ['train', 'x', '--lr', 'fast'],
    "Option '--lr <rate>' argument 'fast' is invalid. Expected a number above 0. See --help.",
  ],
  [
    ['train', 'x', '--validation-every', '1'],
    "Option '--validation-every <k>' argument '1' is invalid. Expected an integer of at least 2, or 0 for no validation. See --help.",
  ],
  [
    ['train', 'x', '--dropout', '1'],
    "Option '--dropout <p>' argument '1' is invalid. Expected a number from 0 to below 1. See --help.",
  ],
  [
    ['generate', 'x', '--seed', '-1'],
    "Option '--seed <n>' argument '-1' is invalid. Expected an integer from 0 to 4294967295. See --help.",
  ],
])('refuses %j', async (args, text) => {
  expect(await failure(...args)).toBe(text);
});

it('shows the commands when none is given', async () => {
  const io = capturedIO();
  expect(await main([], io)).toBe(1);
  expect(io.out()).toBe('');
  expect(io.err()).toContain('train [options] <files...>');
});

it('says what is wrong with a corpus', async () => {
  const folder = await temporaryFolder();
  const missing = join(folder, 'dinso.txt');
  const empty = await temporaryFile('empty.txt', ' \n');
  const nothing = await temporaryFile('nothing.txt', '');
  const short = await temporaryFile('short.txt', 'To be or not to be');
  const latin = await temporaryFile('latin1.txt', Uint8Array.of(0x61, 0xc3, 0xa4, 0xe4, 0x62));
  expect(await failure('train', missing)).toBe(
    `Cannot read "${missing}": there is no such file; check the spelling and the folder you are in.`,
  );
  expect(await failure('train', folder)).toBe(
    `There is no text in "${folder}": give a text file, or a folder of .txt files.`,
  );
  expect(await failure('train', empty)).toBe(
    `There is no text in "${empty}": give a text file, or a folder of .txt files.`,
  );
  expect(await failure('train', nothing)).toContain(`There is no text in "${nothing}"`);
  expect(await failure('train', short)).toBe(
    `"${short}" has 16 characters to train on, fewer than the 65 of one sequence: give a longer text or a smaller --seq-len (it is 64).`,
  );
  expect(await failure('train', latin)).toBe(
    `${latin}: byte 3 (0xE4, line 1) is not UTF-8. Convert it, e.g. with iconv -f LATIN1 -t UTF-8.`,
  );
});

it('refuses options that exclude each other', async () => {
  const text = await temporaryFile('play.txt', someText);
  const names = await temporaryFile('names.txt', someNames);
  expect(await failure('train', names, '--validation-every', '5', '--validation-fraction', '0.1')).toBe(
    'Give one of --validation-every and --validation-fraction, not both.',
  );
  expect(await failure('train', text, '--validation-every', '5')).toBe(
    `--validation-every holds out lines and "${text}" is read as one text: use --validation-fraction, or --data lines.`,
  );
  expect(await failure('train', names, '--dropout', '0.2')).toBe(
    '--dropout acts between layers and there is one: add --layers 2, or leave it out.',
  );
});

it('finds out before training that the checkpoint cannot be written, and leaves nothing behind', async () => {
  const names = await temporaryFile('names.txt', someNames);
  const folder = dirname(names);
  expect(await failure('train', names, '--out', join(names, 'model.safetensors'))).toBe(
    `Cannot write the checkpoint "${join(names, 'model.safetensors')}": a part of its path is a file, not a folder; choose another --out.`,
  );
  await mkdir(join(folder, 'models'));
  expect(await failure('train', names, '--out', join(folder, 'models'))).toBe(
    `--out "${join(folder, 'models')}" is a folder: give the name of a file, e.g. "${join(folder, 'models', 'model.safetensors')}".`,
  );
  expect(await readdir(folder)).toEqual(['models', 'names.txt']);
});

it.each(['generate', 'inspect'])('%s says what is wrong with a checkpoint', async (command) => {
  const names = await temporaryFile('names.txt', someNames);
  const folder = dirname(names);
  const missing = join(folder, 'a.safetensors');
  expect(await failure(command, missing)).toBe(
    `Cannot read "${missing}": there is no such file; check the spelling and the folder you are in.`,
  );
  expect(await failure(command, folder)).toContain(`${JSON.stringify(folder)} is no file.`);
  expect(await failure(command, names)).toContain(names);
  await writeFile(missing, '');
  expect(await failure(command, missing)).toContain(missing);
});

it('refuses a checkpoint of another program, and one whose note is damaged', async () => {
  const path = await temporaryFile('model.safetensors', '');
  const model = createLanguageModel({ cell: 'rnn', vocabSize: 5, hiddenSize: 3 });
  const checkpoint = { model: model.config, tensors: model.stateDict() };
  await saveCheckpoint(path, checkpoint);
  expect(await failure('generate', path)).toBe(
    `"${path}" was not written by rnnlab train: load it with @rnnlab/train instead.`,
  );
  for (const note of [
    '{',
    '{}',
    'null',
    '{"file":"a","settings":{"data":"lines"},"bounds":{"prompt":[0]}}',
  ]) {
    await saveCheckpoint(path, { ...checkpoint, notes: new Map([['rnnlab-cli.run', note]]) });
    expect(await failure('inspect', path)).toBe(
      `The note "rnnlab-cli.run" in "${path}" is damaged: go back to an earlier checkpoint.`,
    );
  }
});

it('shows where an error came from only with DEBUG=rnnlab', async () => {
  const io = capturedIO({ env: { DEBUG: 'http,rnnlab' } });
  expect(await main(['train', '/nowhere/at/all'], io)).toBe(1);
  expect(io.err()).toMatch(/\n\s+at /);
});
