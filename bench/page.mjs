/** The text of docs/benchmarks.md, made from the results alone. */
import {
  memory,
  peakShares,
  profileTable,
  provenance,
  rates,
  ratios,
  sameWork,
  targetTable,
  threadTable,
} from './page-parts.mjs';
import { workloads } from './workloads.mjs';

const group = (prefix) => workloads.filter(({ id }) => id.startsWith(prefix));
const lstm = group('train-lstm-').filter(({ numLayers }) => numLayers === 1);

/** @param {string} notes what a person has to say about the numbers, in Markdown */
export function pageOf(results, notes, plots) {
  const H = lstm.map(({ hiddenSize }) => `H ${hiddenSize}`);
  const picture = (name, text) => (plots.includes(name) ? `\n![${text}](./benchmarks/${name}.svg)\n` : '');
  const cells = ['gru', 'rnn'].map((cell) => [cell.toUpperCase(), group(`train-${cell}-`)]);
  const products = group('product-');
  const productHeads = products.map(
    ({ id, m, k, n }) => `${id.replace('product-', '')}<br>${m} × ${k} × ${n}`,
  );
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

GFLOP/s of bare matrix products of float32, m × k × n:

${rates(results, products, productHeads)}

As a share of what one core can do at all, in 128-bit registers without fused operations (wasm) or with the machine's widest registers:

${peakShares(results, products, productHeads)}

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
Two threads against one, training an LSTM:

${threadTable(results, lstm, H)}

## The same work

Losses of the first three steps, log-probabilities of the likeliest tokens, or numbers of the product, compared with those of NumPy or PyTorch:

${sameWork(results)}
`;
}
