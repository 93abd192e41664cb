import { expect, it } from 'vitest';
import { combinations, drawCombinations } from './sweep-combinations';
import { capturedIO } from './testing/captured-io';
import { trainCommand } from './train-command';

const { options } = trainCommand(capturedIO());

it('makes every combination once', () => {
  expect(combinations(['cell=rnn,gru', 'lr=0.1, 0.2'], options)).toEqual([
    { cell: 'rnn', lr: '0.1' },
    { cell: 'rnn', lr: '0.2' },
    { cell: 'gru', lr: '0.1' },
    { cell: 'gru', lr: '0.2' },
  ]);
});

it('draws some of them, the same for the same seed', () => {
  const all = combinations(['hidden=1,2,3,4,5', 'batch=1,2,3,4'], options);
  const drawn = drawCombinations(all, 6, 3);
  expect(new Set(drawn).size).toBe(6);
  expect(drawCombinations(all, 6, 3)).toEqual(drawn);
  expect(drawCombinations(all, 6, 4)).not.toEqual(drawn);
  expect(drawCombinations(all, 99, 4)).toEqual(all);
});

it.each([
  ['hiden=1', '--set hiden=1: rnnlab train has no option --hiden that takes values to compare.'],
  ['json=1', '--set json=1: rnnlab train has no option --json that takes values to compare.'],
  ['out=a,b', '--set out=a,b: rnnlab train has no option --out that takes values to compare.'],
  ['hidden', '--set hidden: expected values behind the name, e.g. --set hidden=25,50.'],
  ['hidden=5,x', '--set hidden=5,x: "x" is no value of --hidden. Expected an integer of at least 1.'],
])('refuses %s', (set, text) => {
  expect(() => combinations([set], options)).toThrow(text);
});

it('refuses an option that is set twice', () => {
  expect(() => combinations(['lr=1', 'lr=2'], options)).toThrow('--set names lr twice');
});
