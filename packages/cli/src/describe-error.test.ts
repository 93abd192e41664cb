import { CheckpointError } from '@rnnlab/tensor';
import { TokenizerError } from '@rnnlab/tokenizer';
import { expect, it } from 'vitest';
import { describeError } from './describe-error';
import { UserError } from './user-error';

const system = (code: string, path?: string) => Object.assign(new Error(`${code}: …, open`), { code, path });

it.each([
  [new UserError('Do it differently.'), 'Do it differently.'],
  [new CheckpointError('The file is cut short. Copy it again.'), 'The file is cut short. Copy it again.'],
  [new TokenizerError('Unknown character "é". Fit again.'), 'Unknown character "é". Fit again.'],
  [
    system('ENOENT', 'a/b.txt'),
    'Cannot use "a/b.txt": there is no such file; check the spelling and the folder you are in.',
  ],
  [system('ENOSPC'), 'Cannot use a file: the disk is full; make room or choose another path.'],
  [
    new TypeError('x is undefined'),
    'Unexpected error: x is undefined (a bug of rnnlab; DEBUG=rnnlab shows where it happened)',
  ],
  ['odd', 'Unexpected error: odd (a bug of rnnlab; DEBUG=rnnlab shows where it happened)'],
  [
    system('constructor'),
    'Unexpected error: constructor: …, open (a bug of rnnlab; DEBUG=rnnlab shows where it happened)',
  ],
])('%s', (error, text) => {
  expect(describeError(error)).toBe(text);
});
