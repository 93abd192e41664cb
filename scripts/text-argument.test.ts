import { expect, it } from 'vitest';
import { textArgument } from './text-argument.mjs';

it.each([
  [[], undefined, []],
  [['--cell', 'gru'], undefined, ['--cell', 'gru']],
  [['my.txt'], 'my.txt', []],
  [['my.txt', '--cell', 'gru'], 'my.txt', ['--cell', 'gru']],
  [['--cell', 'gru', 'my.txt'], 'my.txt', ['--cell', 'gru']],
  [['--cell=gru', 'my.txt', '--seed', '7'], 'my.txt', ['--cell=gru', '--seed', '7']],
])('finds the text file in %j', (given, text, options) => {
  expect(textArgument(given)).toEqual({ text, options });
});
