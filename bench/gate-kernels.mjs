/**
 * What the kernels beside the products take: nanoseconds for four numbers, of the gates for four units, on one core; the best of
 * ten rounds. For numbers of an earlier commit, run it there.
 *
 *   node bench/gate-kernels.mjs
 */
import { cpus } from 'node:os';
import { compileKernels } from '../scripts/compile-kernels.mjs';
import { instantiate } from './instantiate-kernels.mjs';

const entry = `
  export { expAll, sigmoidAll, tanhAll } from './tensor/kernels/activate.as';
  export { addRows, columnSums, gatherColumns, scatterColumns } from './tensor/kernels/rows.as';
  export { softmaxRows } from './tensor/kernels/softmax.as';
  export { lstmForward, lstmBackward } from './lstm/kernels/lstm.as';
  export { gruForward, gruBackward } from './gru/kernels/gru.as';
  export { rnnForward, rnnBackward } from './rnn/kernels/rnn.as';
  export { adam } from './optimizers/kernels/adam.as';
  export { scale, sumOfSquares } from './optimizers/kernels/norm.as';
`;
const binary = await compileKernels('entry.as.ts', { sources: { 'entry.as.ts': entry } });
const { exports: run, memory } = instantiate(binary, 400);

/** The sizes of a step: rows, units, characters. */
const [B, H, V] = [32, 128, 65];
const ROWS = 2048;

let last = 65536;
/** Address of `count` numbers from −3 to 3. */
function place(count) {
  const at = last;
  last += 4 * (count + 16 - (count % 16));
  new Float32Array(memory.buffer, at, count).forEach((_, i, all) => (all[i] = 3 * Math.sin(i)));
  return at;
}
const [A, U, dA, dU] = [4, 4, 4, 4].map((gates) => place(gates * B * H));
const [h, c, cNext, tanhC, hNext, dh, dc] = Array.from({ length: 7 }, () => place(B * H));
const [z, p, W, spare] = [ROWS * 4 * H, ROWS * V, 4 * H * V, 4 * H * V].map((count) => place(count));
const [bias, most, sums, ids] = [4 * H, ROWS, ROWS, ROWS].map((count) => place(count));
/** Whole blocks of 1024. */
const parameters = 32768;
new Int32Array(memory.buffer, ids, ROWS).forEach((_, i, all) => (all[i] = (i * 37) % V));

/** A call, and how many fours of numbers or units it goes over. */
const kernels = {
  eˣ: [() => run.expAll(0, 4 * B * H, 4 * B * H, A, dA), B * H],
  σ: [() => run.sigmoidAll(0, 4 * B * H, 4 * B * H, A, dA), B * H],
  tanh: [() => run.tanhAll(0, 4 * B * H, 4 * B * H, A, dA), B * H],
  'LSTM forward': [() => run.lstmForward(0, B, B, H, A, c, cNext, tanhC, hNext), (B * H) / 4],
  'LSTM backward': [() => run.lstmBackward(0, B, B, H, A, c, tanhC, dA, dh, dc), (B * H) / 4],
  'GRU forward': [() => run.gruForward(0, B, B, H, A, U, h, tanhC, hNext), (B * H) / 4],
  'GRU backward': [() => run.gruBackward(0, B, B, H, A, tanhC, h, dA, dU, dh), (B * H) / 4],
  'RNN forward': [() => run.rnnForward(0, B, B, H, 0, c, hNext), (B * H) / 4],
  'RNN backward': [() => run.rnnBackward(0, B, B, H, 0, hNext, dh, dc), (B * H) / 4],
  softmax: [() => run.softmaxRows(0, ROWS, ROWS, V, z, p, most, sums), (ROWS * V) / 4],
  addRows: [() => run.addRows(0, B, B, 4 * H, A, dA), B * H],
  columnSums: [() => run.columnSums(0, 4 * H, ROWS, 4 * H, z, bias), ROWS * H],
  gatherColumns: [() => run.gatherColumns(0, 4 * H, ROWS, 4 * H, V, W, ids, bias, z, spare), ROWS * H],
  scatterColumns: [() => run.scatterColumns(0, 4 * H, ROWS, 4 * H, V, W, ids, z, spare), ROWS * H],
  Adam: [
    () => run.adam(0, parameters, parameters, W, spare, 0, 1, 1, z, p, 0, 0.9, 0.999, 1e-3, 1e-3, 0, 1e-8, 1),
    parameters / 4,
  ],
  'sum of squares': [
    () => run.sumOfSquares(0, parameters / 1024, parameters / 1024, parameters, 1024, W, most),
    parameters / 4,
  ],
  scale: [() => run.scale(0, parameters, parameters, spare, 1), parameters / 4],
};

const best = {};
for (let round = 0; round < 11; round++) {
  for (const [name, [call, fours]] of Object.entries(kernels)) {
    const times = Math.ceil(1e6 / fours);
    const began = performance.now();
    for (let i = 0; i < times; i++) call();
    const nanoseconds = ((performance.now() - began) * 1e6) / times / fours;
    // The first round is compiled by the quick compiler in parts.
    if (round > 0) best[name] = Math.min(best[name] ?? Infinity, nanoseconds);
  }
}
console.log(`${cpus()[0].model}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`);
console.table(Object.fromEntries(Object.entries(best).map(([name, ns]) => [name, { ns: ns.toFixed(2) }])));
