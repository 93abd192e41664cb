import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageOf } from './page.mjs';
import { addMeasurement, median, readResults, writeResults } from './results.mjs';
import { judge, targets } from './targets.mjs';
import { writePage } from './write-page.mjs';

/** Results as bench.mjs writes them: two workloads, one contestant that is missing and one that did other work. */
const ran = (rates: number[], peakMiB: number, more = {}) => ({
  ...{ check: [4.1, 4.0], versions: { Node: '24.21.0' }, firstMs: [100], startMs: [140], rates, peakMiB },
  ...{ agrees: true, ...more },
});
const results = {
  machine: {
    ...{ processor: 'Test processor', cores: 2, memoryGiB: 24, system: 'linux 6' },
    vectorPeak: { bits: 128, rate: 50 },
    nativePeak: { bits: 512, rate: 220 },
  },
  workloads: {
    'train-lstm-64': {
      date: '2026-11-25T02:03:04.000Z',
      load: 1.2,
      results: {
        wasm: ran([150e3, 170e3, 160e3], 80),
        'wasm-2': ran([300e3, 280e3, 290e3], 100),
        'tfjs-node': ran([10e3, 10.2e3, 9.9e3], 400),
        'pytorch-2': ran([580e3, 581e3, 579e3], 330),
        'keras-2': { notRun: 'no Python environment: npm run bench:setup' },
        'chromium-wasm': ran([150e3], 150),
        'chromium-tfjs-wasm': ran([7e3], 300, { agrees: undefined, differs: 0.02 }),
        'tfjs-cpu': ran([1100], 200),
      },
    },
    'train-lstm-128': {
      date: '2026-11-25T02:05:00.000Z',
      load: 1.5,
      results: { wasm: ran([80e3], 90), 'tfjs-cpu': { notRun: 'a step takes over 4 s' } },
    },
    'product-step-256': {
      date: '2026-11-25T02:06:00.000Z',
      load: 1.5,
      results: { wasm: ran([40e9, 41e9, 39e9], 70) },
    },
    'profile-64': {
      date: '2026-11-25T02:06:30.000Z',
      load: 1,
      results: {
        wasm: ran([100e3], 70, { profile: { gemm: 0.3, Adam: 0.25, rest: 0.45 } }),
        blas: ran([100e3], 70, { profile: { Adam: 0.4, rest: 0.6 } }),
      },
    },
  },
};

const verdict = (what: string) => {
  const target = targets.find((target: { what: string }) => target.what === what)!;
  return judge(target, results);
};

describe('targets', () => {
  it('takes the best of ours, by medians', () => {
    expect(verdict('LSTM training, H 64: best / tfjs-node')).toEqual({ value: 29, reached: true, by: 0 });
  });

  it('says by how much one is missed', () => {
    expect(verdict('LSTM training, H 64: wasm / PyTorch, 2 threads')).toEqual({
      value: 0.5,
      reached: false,
      by: 0.5,
    });
  });

  it('holds products against the peak of 128-bit registers', () => {
    expect(verdict('product step-256: wasm, share of the 128-bit peak')).toMatchObject({
      value: 0.8,
      reached: true,
    });
  });

  it('does not judge what did not run, was not measured, or did other work', () => {
    expect(verdict('LSTM training, H 64: best / Keras, 2 threads')).toEqual({
      why: 'keras-2: no Python environment: npm run bench:setup',
    });
    expect(verdict('LSTM training, H 512: best / tfjs-node')).toEqual({ why: 'not measured yet' });
    expect(verdict('Chromium, LSTM training, H 64: wasm / tfjs wasm')).toMatchObject({
      why: 'chromium-tfjs-wasm did other work',
    });
  });
});

describe('page', () => {
  const page = pageOf(results, 'A remark.', ['train-lstm']);
  const row = (begin: string, section: string) =>
    page
      .slice(page.indexOf(section))
      .split('\n')
      .find((line) => line.startsWith(`| ${begin}`));

  it('shows medians and how far the rounds lie apart', () => {
    expect(row('rnnlab wasm |', '## Training an LSTM')).toBe('| rnnlab wasm | 160k | 80k |  |  | 13 % |');
    expect(row('rnnlab wasm, 2 threads |', '## Training an LSTM')).toContain('| 290k |');
  });

  it('shows ratios to the best of ours', () => {
    expect(row('tfjs-node', 'How many times')).toContain('| 29× |');
    expect(row('PyTorch, 2 threads', 'How many times')).toContain('| 0.5× |');
  });

  it('says loudly who did not run and why, and who did other work', () => {
    expect(row('Keras, 2 threads', '## Training an LSTM')).toContain(
      '**not run: no Python environment: npm run bench:setup**',
    );
    expect(row('tfjs cpu', '## Training an LSTM')).toContain('| 1.1k | not run |');
    expect(page).toContain('tfjs cpu: a step takes over 4 s');
    expect(row('tfjs wasm, Chromium', '## Training an LSTM')).toContain('7k **other work**');
    expect(row('tfjs wasm, Chromium', '## The same work')).toContain('**1, by up to 2.0e-2**');
  });

  it('names machine, dates, versions, peaks, memory, remarks and plots', () => {
    for (const text of [
      'Test processor, 2 cores, 24 GiB',
      'measured 2026-11-25 02:03 to 2026-11-25 02:06 UTC',
      '50 in 128-bit registers without fused operations, as in WebAssembly; 220 in C with 512-bit registers',
      'Node 24.21.0',
      '## Remarks\n\nA remark.',
      '](./benchmarks/train-lstm.svg)',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain('growth.svg');
    expect(row('tfjs-node', 'Peak memory of the process')).toContain('| 400 |');
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it('shows where the time goes, the largest share first', () => {
    const shares = page.slice(page.indexOf('| LSTM, H 64 |')).split('\n').slice(2, 5);
    expect(shares).toEqual([
      '| Adam | 25 % |  | 40 % |  |',
      '| gemm | 30 % |  |  |  |',
      '| rest | 45 % |  | 60 % |  |',
    ]);
  });

  it('holds products against the peak of one core', () => {
    expect(row('rnnlab wasm', 'As a share of what one core can do')).toBe(
      '| rnnlab wasm |  | 80 % |  |  |  |',
    );
  });

  it('tells what a second thread brings', () => {
    expect(row('rnnlab wasm |', 'Two threads against one')).toBe('| rnnlab wasm | 1.8× |  |  |  |');
  });

  it('is whole without any measurement', () => {
    const empty = pageOf({ workloads: {} }, '', []);
    expect(empty).toContain('Nothing has been measured yet.');
    expect(empty).not.toMatch(/undefined|NaN|Infinity/);
  });
});

it('writes results that it reads back, the page and plots with every measured line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rnnlab-bench-'));
  const file = join(folder, 'results.json');
  expect(readResults(file)).toEqual({ workloads: {} });
  writeResults(file, results);
  const again = readResults(file);
  expect(again).toEqual(JSON.parse(JSON.stringify(results)));
  expect(readFileSync(writePage(again, folder), 'utf8')).toContain('| 160k |');
  expect(readdirSync(join(folder, 'benchmarks')).sort()).toEqual([
    'growth-memory.svg',
    'growth.svg',
    'train-lstm.svg',
  ]);
  const svg = readFileSync(join(folder, 'benchmarks/train-lstm.svg'), 'utf8');
  for (const name of ['rnnlab wasm, 2 threads', 'PyTorch, 2 threads', 'tfjs cpu'])
    expect(svg).toContain(name);
});

it('keeps the numbers of those who were not measured again', () => {
  const before = structuredClone(results);
  const measurement = { date: '2026-11-26T00:00:00.000Z', load: 0, results: { wasm: ran([1], 2) } };
  addMeasurement(before, 'train-lstm-64', measurement, 'wasm');
  expect(before.workloads['train-lstm-64'].results['wasm-2'].rates).toEqual([300e3, 280e3, 290e3]);
  expect(before.workloads['train-lstm-64'].results.wasm).toMatchObject({
    rates: [1],
    date: measurement.date,
  });
  addMeasurement(before, 'train-lstm-64', measurement, undefined);
  expect(Object.keys(before.workloads['train-lstm-64'].results)).toEqual(['wasm']);
});

it('takes the middle number', () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([5, 1, 9, 7])).toBe(5);
});
