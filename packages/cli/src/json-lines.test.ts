import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, temporaryFile } from './testing/small-corpus';

it('tells a run as one JSON object a line, on stdout and in the log', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const [path, log] = [`${file}.safetensors`, `${file}.jsonl`];
  const io = capturedIO();
  const args = ['train', file, '--out', path, '--hidden', '5', '--epochs', '2', '--json', '--log', log];
  expect([await main(args, io), io.err()]).toEqual([0, '']);
  expect(await readFile(log, 'utf8')).toBe(io.out());
  const events = io
    .out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const types = events.map(({ type }) => type);
  expect(types.slice(0, 3)).toEqual(['run', 'start', 'step']);
  expect(types.filter((type) => type === 'step')).toHaveLength(4);
  expect(types.slice(-3)).toEqual(['checkpoint', 'stop', 'end']);
  expect(events[0]).toMatchObject({ file, checkpoint: path, settings: { hidden: 5, cell: 'lstm' } });
  expect(events[0].reference.bigram).toBeGreaterThan(0);
  const end = events.at(-1);
  expect(end).toMatchObject({ reason: 'epochs', step: 4, checkpoint: path });
  expect(end.samples).toHaveLength(10);
  expect(['new', 'training', 'validation']).toContain(end.samples[0].origin);
});
