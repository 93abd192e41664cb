/**
 * Bare products of the sizes that a recurrent network has, by wasm and by the system's BLAS, on one and two threads.
 *
 *   node bench/blas-products.mjs [--hidden 64,128,256,512] [--rounds 100]
 *
 * For an LSTM with 32 rows, 64 steps and 65 characters:
 *
 *   step       [32, H]·Wᵀ [H, 4H], packed     the recurrent product of a time step, forward
 *   back       [32, 4H]·W [4H, H], packed     the same on the way back
 *   dW         [4H, 2048]·[2048, H]           the gradient of the recurrent weights, over all steps
 *   head       [2048, H]·Wᵀ [H, 65]
 *   sample     [1, H]·Wᵀ [H, 4H]              a step at batch 1
 *
 * Contestants take turns, round by round; the best round counts, in GFLOP/s, since whatever else runs on the machine
 * only ever takes time. The bounds in packages/backend-blas/src/blas-backend.ts come from here. Needs `npm run build`.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { blasBackend } from '../packages/backend-blas/dist/index.js';
import { Rng, wasmBackend, Workspace } from '../packages/tensor/dist/index.js';

const { values } = parseArgs({
  options: {
    hidden: { type: 'string', default: '64,128,256,512' },
    rounds: { type: 'string', default: '100' },
  },
});
const rounds = Number(values.rounds);
const backends = [1, 2].flatMap((threads) => [wasmBackend({ threads }), blasBackend({ threads })]);
const rng = new Rng(1);

function random(backend, shape) {
  const tensor = backend.allocate(shape, 'float32');
  for (let k = 0; k < tensor.size; k++) tensor.data[k] = rng.uniform(-1, 1);
  return tensor;
}

/** The product as a function to call, and its floating-point operations. */
const products = {
  step: (backend, H) => packed(backend, 32, 4 * H, H, true),
  back: (backend, H) => packed(backend, 32, H, 4 * H, false),
  dW: (backend, H) => plain(backend, 4 * H, H, 2048, { transposeA: true, accumulate: true }),
  head: (backend, H) => plain(backend, 2048, 65, H, { transposeB: true }),
  sample: (backend, H) => plain(backend, 1, 4 * H, H, { transposeB: true }),
};

function packed(backend, m, n, k, transposed) {
  const [a, b, c] = [
    random(backend, [m, k]),
    random(backend, transposed ? [n, k] : [k, n]),
    random(backend, [m, n]),
  ];
  // In a workspace, or what is packed would lie outside the memory that all threads see.
  const matrix = new Workspace(backend).run(() => backend.pack(b, m, { transposed }));
  return { work: 2 * m * n * k, run: () => backend.gemmPacked(a, matrix, c) };
}

function plain(backend, m, n, k, options) {
  const a = random(backend, options.transposeA ? [k, m] : [m, k]);
  const b = random(backend, options.transposeB ? [n, k] : [k, n]);
  const c = random(backend, [m, n]);
  return { work: 2 * m * n * k, run: () => backend.gemm(a, b, c, options) };
}

/** GFLOP/s of calls for about a millisecond: short enough to fall between two time slices of a busy machine. */
function speed({ work, run }) {
  const calls = Math.max(1, Math.round(5e7 / work));
  const begin = performance.now();
  for (let k = 0; k < calls; k++) run();
  return (calls * work) / (performance.now() - begin) / 1e6;
}

while (backends.some(({ threads, threadsRunning }) => threadsRunning < threads)) {
  await new Promise((resolve) => setTimeout(resolve, 5));
}
console.log(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}; GFLOP/s, best of ${rounds} rounds`,
);
console.log(`| product | ${backends.map(({ name }) => name).join(' | ')} |`);
console.log(`|---|${'---|'.repeat(backends.length)}`);
for (const H of values.hidden.split(',').map(Number)) {
  for (const [name, make] of Object.entries(products)) {
    const made = backends.map((backend) => make(backend, H));
    for (const each of made) speed(each);
    const best = made.map(() => 0);
    for (let round = 0; round < rounds; round++) {
      for (const [k, each] of made.entries()) best[k] = Math.max(best[k], speed(each));
    }
    console.log(`| ${name}, H ${H} | ${best.map((x) => x.toFixed(0)).join(' | ')} |`);
  }
}
for (const backend of backends) backend.dispose();
