import { expect, it } from 'vitest';
import { compareChecks } from './compare-checks.mjs';
import { contestants } from './contestants.mjs';
import { PeerProcess } from './peer-process.mjs';
import { targets } from './targets.mjs';
import { chosen, quickWorkloads, smokeWorkloads, workloads } from './workloads.mjs';

/** A peer of a few lines of JavaScript. */
const program = (source: string) =>
  new PeerProcess({ command: process.execPath, args: ['-e', source], parameters: {}, environment: {} }, {});

const obedient = `
  console.log('a greeting');
  console.log('{"ready":true}');
  require('readline').createInterface({ input: process.stdin })
    .on('line', (line) => console.log(JSON.stringify({ units: 8 * JSON.parse(line).seconds, seconds: 2 })))
    .on('close', () => console.log('{"peakMiB":12}'));`;

it('starts a program, makes it work and ends it', async () => {
  const peer = program(obedient);
  expect(await peer.answer(20)).toEqual({ ready: true });
  expect(await peer.rate(0.5)).toBe(2);
  expect(await peer.end()).toEqual({ peakMiB: 12 });
});

it('tells why a program ended, and does not wait for ever', async () => {
  await expect(program('null.x').answer(20)).rejects.toThrow(
    "TypeError: Cannot read properties of null (reading 'x') (exit code 1)",
  );
  const silent = program('setInterval(() => {}, 1000)');
  await expect(silent.answer(0.1)).rejects.toThrow('no answer in 0.1 s');
  silent.kill();
});

it('compares what came of the first steps with somebody trusted', () => {
  const entries = [
    { id: 'wasm', record: { check: [4.17, 4.1605] } },
    { id: 'numpy-1', record: { check: [4.17, 4.1604] } },
    { id: 'keras-1', record: { check: [4.17, 4.17] } },
    { id: 'brain', record: { check: [], note: 'another cell' } },
    { id: 'pytorch-1', record: { notRun: 'missing' } },
  ] as { id: string; record: Record<string, unknown> }[];
  compareChecks({ kind: 'train' }, entries);
  const [wasm, numpy, keras, brain, pytorch] = entries.map(({ record }) => record);
  expect(wasm.agrees).toBe(true);
  expect(numpy.agrees).toBe(true);
  expect(keras.differs).toBeCloseTo(0.0096 / 4.1604, 5); // a loss that stays: no step was made
  expect(brain.unchecked).toBe('another cell');
  expect(pytorch).toEqual({ notRun: 'missing' });
});

it('names only contestants and workloads that there are', () => {
  for (const { contestants: ids } of [...workloads, ...smokeWorkloads, ...quickWorkloads]) {
    for (const id of ids) expect(contestants.has(id), id).toBe(true);
  }
  for (const { workload, ours, peer } of targets as { workload: string; ours: string[]; peer?: string }[]) {
    const { contestants: ids } = workloads.find(({ id }) => id === workload)!;
    for (const id of [...ours, ...(peer ? [peer] : [])]) expect(ids, `${workload}: ${id}`).toContain(id);
  }
});

it('takes workloads by name or by the beginning of a name', () => {
  const ids = (only: string) => chosen(workloads, only).map(({ id }: { id: string }) => id);
  expect(ids('single,sample')).toEqual(['single', 'sample-128', 'sample-512']);
  expect(() => ids('sampel')).toThrow('--only: no workload is called "sampel". There are: train-lstm-64,');
});
