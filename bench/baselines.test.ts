/** The tables of docs/baselines.md are those of the committed logs, and the logs hold what the project promises. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { curveOf, pageWith, readLogs, shakespeareRows } from './baselines.mjs';

const page = readFileSync(new URL('../docs/baselines.md', import.meta.url), 'utf8');
const evaluations = readLogs();

it('docs/baselines.md has the tables that node bench/baselines.mjs --tables writes', () => {
  expect(pageWith(page, evaluations)).toBe(page);
});

it.each([
  ['RNN 1×128, uniform first weights, cosine', 1.87, 1.73],
  ['LSTM 1×128', 1.91, 1.7],
  ['GRU 1×128', 1.75, 1.65],
  ["LSTM 2×128, char-rnn's setting", 1.57, 1.57],
])('tiny-shakespeare, %s: at most %f after 5 epochs, %f at best', (name, fifth, best) => {
  const curve = curveOf(evaluations, shakespeareRows.find((row) => row.name === name)!.run);
  expect(curve.map(({ epoch }) => epoch)).toEqual(curve.map((_, k) => k + 1));
  expect(curve[4].loss).toBeLessThanOrEqual(fifth);
  expect(Math.min(...curve.map(({ loss }) => loss))).toBeLessThanOrEqual(best);
});

it.each([
  ['rnn', 1.7],
  ['lstm', 1.66],
  ['gru', 1.66],
])('dinosaur names, %s: mean of three seeds at most %f', (cell, most) => {
  const runs = [1, 2, 3].map((seed) => curveOf(evaluations, { bench: 'dinos', cell, seed }).at(-1)!);
  expect(runs.reduce((sum, { loss }) => sum + loss, 0) / 3).toBeLessThanOrEqual(most);
});
