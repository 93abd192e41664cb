/** The text of docs/benchmarks.md, made from the results alone. */
import { nameOf, contestantTable, formatRatio, formatValue, spreadOf, table } from './tables.mjs';
import { recordOf, valueOf } from './results.mjs';
import { judge, targets } from './targets.mjs';
import { workloads } from './workloads.mjs';

const group = (prefix) => workloads.filter(({ id }) => id.startsWith(prefix));
const lstm = group('train-lstm-').filter(({ numLayers }) => numLayers === 1);
const ours = ['wasm', 'wasm-2', 'blas', 'blas-2'];

/** The best of rnnlab on two threads, Node 24. */
function bestOf(results, workload) {
  const values = ours.map((id) => valueOf(results, workload, id)).filter((value) => value !== undefined);
  return values.length ? Math.max(...values) : NaN;
}

const rate = (results, columns) => (id, workload) => {
  const { unit } = columns.find((column) => column.id === workload);
  return formatValue(valueOf(results, workload, id), unit);
};

/** Values of all contestants, and how far apart the rounds of each are at most. */
function rates(results, columns, heads) {
  const spread = (id) => {
    const spreads = columns
      .map((workload) => spreadOf(results, workload.id, id))
      .filter((value) => value >= 0);
    return spreads.length ? `${Math.round(100 * Math.max(...spreads))} %` : '';
  };
  return contestantTable(results, columns, heads, rate(results, columns), [{ head: 'spread', cell: spread }]);
}

/** How many times as fast rnnlab is. */
function ratios(results, columns, heads) {
  const peers = columns.map((workload) => ({
    ...workload,
    contestants: workload.contestants.filter((id) => !/^(wasm|blas|reference|chromium-wasm)/.test(id)),
  })); // prettier-ignore
  return contestantTable(results, peers, heads, (id, workload) =>
    formatRatio(bestOf(results, workload) / valueOf(results, workload, id)),
  );
}

function memory(results, columns, heads) {
  const cell = (id, workload) => {
    const peak = recordOf(results, workload, id).peakMiB;
    return peak === undefined ? '' : `${Math.round(peak)}`;
  };
  return contestantTable(results, columns, heads, cell);
}

function targetTable(results) {
  const rows = targets.map((target) => {
    const { value, reached, by, why } = judge(target, results);
    const wanted = target.atLeast === undefined ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
    const digits = value >= 100 ? 3 : 2;
    const verdict =
      reached === undefined
        ? `not judged: ${why}`
        : reached
          ? 'reached'
          : `**missed by ${Math.ceil(100 * by)} %**`; // prettier-ignore
    return [target.what, wanted, value === undefined ? '' : `${Number(value.toPrecision(digits))}`, verdict];
  });
  const verdicts = targets.map((target) => judge(target, results).reached);
  const count = (wanted) => verdicts.filter((verdict) => verdict === wanted).length;
  return `${count(true)} reached, ${count(false)} missed, ${count(undefined)} not judged.\n\n${table(['', 'wanted', 'measured', ''], rows)}`;
}

/** Where the time of a step goes, a column for every backend. */
function profileTable(results, { id, title, contestants }) {
  const profiles = contestants.map((name) => recordOf(results, id, name)?.profile ?? {});
  const names = new Set(profiles.flatMap(Object.keys));
  names.delete('rest');
  const largest = (name) => Math.max(...profiles.map((profile) => profile[name] ?? 0));
  const order = [...[...names].sort((a, b) => largest(b) - largest(a)), 'rest'];
  const percent = (share) => (share === undefined ? '' : `${Math.round(100 * share)} %`);
  if (names.size === 0) return `${title}: not measured yet.`;
  const rows = order.map((name) => [name, ...profiles.map((profile) => percent(profile[name]))]);
  return table([title, ...contestants.map(nameOf)], rows);
}

/** Who did the same work as the others, in how many workloads. */
function sameWork(results) {
  const tally = new Map();
  for (const { results: records } of Object.values(results.workloads)) {
    for (const [id, record] of Object.entries(records)) {
      if (record.notRun) continue;
      const entry = tally.get(id) ?? { agrees: 0, differs: [], unchecked: new Set() };
      if (record.agrees) entry.agrees++;
      else if (record.differs !== undefined) entry.differs.push(record.differs);
      else entry.unchecked.add(record.unchecked);
      tally.set(id, entry);
    }
  }
  if (tally.size === 0) return 'Not measured yet.';
  const rows = [...tally].map(([id, { agrees, differs, unchecked }]) => [
    nameOf(id),
    agrees || '',
    differs.length ? `**${differs.length}, by up to ${Math.max(...differs).toExponential(1)}**` : '',
    [...unchecked].join('; '),
  ]);
  return table(['', 'workloads that agree', 'that differ', 'not compared'], rows);
}

/** The machine, the dates and the versions, as they were found. */
function provenance(results) {
  const { machine } = results;
  if (!machine) return 'Nothing has been measured yet.';
  const entries = Object.values(results.workloads);
  const dates = entries.map(({ date }) => date).sort();
  const versions = new Map();
  for (const { results: records } of entries) {
    for (const record of Object.values(records)) {
      for (const [name, version] of Object.entries(record.versions ?? {})) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
  }
  const list = [...versions].map(([name, set]) => `${name} ${[...set].sort().join(', ')}`).sort();
  const when = [...new Set([dates[0], dates.at(-1)].map((date) => date?.slice(0, 16).replace('T', ' ')))];
  const peaks = Object.entries(machine.wasmPeaks ?? {}).map(
    ([major, peak]) => `${formatValue(peak, '')} in 128-bit WebAssembly on Node ${major}`,
  ); // prettier-ignore
  if (machine.nativePeak)
    peaks.push(
      `${formatValue(machine.nativePeak.rate, '')} in C with ${machine.nativePeak.bits}-bit registers`,
    ); // prettier-ignore
  const busiest = Math.max(...entries.map(({ load = 0 }) => load));
  return [
    `- ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `- rnnlab at commit ${machine.commit ?? 'unknown'}, or what became of it`,
    `- measured ${when.join(' to ')} UTC; load of the machine up to ${busiest}, this benchmark's own work included`,
    `- one core multiplies and adds at most at, GFLOP/s: ${peaks.join('; ') || 'not measured'}`,
    `- ${list.join('; ')}`,
  ].join('\n');
}

/** @param {string} notes what a person has to say about the numbers, in Markdown */
export function pageOf(results, notes, plots) {
  const H = lstm.map(({ hiddenSize }) => `H ${hiddenSize}`);
  const picture = (name, text) => (plots.includes(name) ? `\n![${text}](./benchmarks/${name}.svg)\n` : '');
  const cells = ['gru', 'rnn'].map((cell) => [cell.toUpperCase(), group(`train-${cell}-`)]);
  const products = group('product-');
  const growth = group('growth-');
  return `# Benchmarks

Written by \`npm run bench\` from \`bench/results.json\`. Do not edit: what is to be said about the numbers stands in
\`bench/notes.md\`.

\`\`\`sh
npm run build
npm run bench:setup      # once: the other libraries and versions of Node, in folders that git ignores
npm run bench            # about a quarter of an hour; --quick, --only NAMES: see bench/bench.mjs
\`\`\`

${provenance(results)}

All contestants of a workload are started, do three steps from the same weights and the same text, and tell what came out;
then they take turns, round by round, and the median of the rounds counts. *Spread* is the distance of the best and the
worst round, as a share of the median. rnnlab runs on Node 24 unless it says otherwise. Memory is the
highest resident size of the process that the operating system saw.

## What was to be reached

${targetTable(results)}
${notes ? `\n## Remarks\n\n${notes.trim()}\n` : ''}
## Training an LSTM

65 characters one-hot, one layer, 32 rows of 64 steps, gradients of everything, clipped by their common norm, Adam.
Characters a second:

${rates(results, lstm, H)}
${picture('train-lstm', 'Characters per second by hidden size, every contestant a line')}
How many times as fast is the best of rnnlab on two threads?

${ratios(results, lstm, H)}

Peak memory of the process, MiB:

${memory(results, lstm, H)}

### Where the time goes

Shares of a training step of rnnlab: operations of the backend by name, clipping, the optimizer, and the rest, which is
TypeScript of the layers. Shares under half a per cent are in the rest.

${group('profile-')
  .map((workload) => profileTable(results, workload))
  .join('\n\n')}

## Other cells and two layers
${cells.map(([name, columns]) => `\n### ${name}\n\nCharacters a second:\n\n${rates(results, columns, H)}\n`).join('')}
### Two layers

Two LSTM layers of 256. Characters a second:

${rates(results, group('train-lstm-2x256'), ['2 × 256'])}

## One name at a time

LSTM of 96, one row of 16 steps, 27 characters: what a loop without batches does. Characters a second:

${rates(results, group('single'), ['H 96'])}

## Sampling

One character after another, batch 1, temperature 1. Characters a second:

${rates(results, group('sample-'), ['H 128', 'H 512'])}

## Import and first step

From the first line of a fresh program to the loss of its first step (LSTM, H 128, the work above), milliseconds; the start of
Node, Python or the browser itself comes on top.

${rates(results, group('first'), ['ms'])}

## Products

GFLOP/s of bare matrix products, m × k × n:

${rates(
  results,
  products,
  products.map(({ title }) => title),
)}

## Growth

LSTM, H 128, 64 steps, 32 rows, but one of the three. Characters a second:

${rates(
  results,
  growth,
  growth.map(({ title }) => title.split('but ')[1]),
)}
${picture('growth', 'Seconds of a training step against hidden size, steps and rows')}
Peak memory of the process, MiB:

${memory(
  results,
  growth,
  growth.map(({ title }) => title.split('but ')[1]),
)}
${picture('growth-memory', 'Peak memory against hidden size, steps and rows')}
## The same work

Losses of the first three steps, log-probabilities of the likeliest tokens, or numbers of the product, compared with those of NumPy or PyTorch:

${sameWork(results)}
`;
}
