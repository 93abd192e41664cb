/** `rnnlab doctor`: what this machine offers, measured and not guessed. */
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { defaultBackend, referenceBackend, Rng, type Backend } from '@rnnlab/tensor';
import { libraryVersion } from '@rnnlab/train';
import type { BlasBackend } from '@rnnlab/backend-blas';
import { loadBackendBlas } from './create-backend';
import { describeError } from './describe-error';
import type { CommandIO } from './io';
import { styleFor } from './style';
import { version } from './version';

/** See the header of this file. */
export async function doctor({ json }: { json?: boolean }, { stdout, env }: CommandIO): Promise<void> {
  const blas = await findBlas();
  const native = 'backend' in blas ? [blas.backend] : [];
  const backends = [...new Set([defaultBackend(), referenceBackend, ...native])];
  const facts = {
    rnnlab: version,
    train: libraryVersion,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processors: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGB: Math.round(totalmem() / 1e8) / 10,
    sharedMemory: typeof SharedArrayBuffer === 'function',
    backends: backends.map((backend) => ({ name: backend.name, gigaflops: gigaflops(backend) })),
    blas: 'backend' in blas ? { library: blas.backend.library } : blas,
    tensorflow: tensorflow(),
  };
  if (json) return void stdout.write(`${JSON.stringify(facts)}\n`);
  const { bold } = styleFor(stdout, env);
  const speeds = facts.backends.map(({ name, gigaflops }, k) => {
    return `${name} ${gigaflops.toFixed(1)} Gflop/s${k === 0 ? ' (default)' : ''}`;
  });
  const rows: [string, string][] = [
    ['rnnlab', `${facts.rnnlab}, @rnnlab/train ${facts.train}`],
    ['node', `${facts.node}, ${facts.platform}`],
    ['machine', `${facts.processors} × ${facts.processor}, ${facts.memoryGB} GB`],
    ['backends', `${speeds.join(', ')}: products of 128 × 128 matrices in float32, one thread`],
    ['threads', facts.sharedMemory ? 'shared memory is available' : 'no shared memory: one thread'],
    ['blas', facts.blas.library ?? `none (needed for --backend blas only): ${facts.blas.problem}`],
    ['tensorflow', facts.tensorflow.join(', ') || 'not installed (needed for comparisons only)'],
  ];
  for (const [name, text] of rows) stdout.write(`${bold(name.padEnd(11))} ${text}\n`);
}

/** Speed of a matrix product: 2·n³ operations, repeated for a tenth of a second. */
function gigaflops(backend: Backend): number {
  const n = 128;
  const rng = new Rng(1);
  const [a, b, out] = Array.from({ length: 3 }, () => backend.allocate([n, n], 'float32'));
  for (const { data } of [a, b]) for (let k = 0; k < data.length; k++) data[k] = rng.uniform(-1, 1);
  backend.gemm(a, b, out);
  const start = performance.now();
  let [products, seconds] = [0, 0];
  do {
    backend.gemm(a, b, out);
    products++;
    seconds = (performance.now() - start) / 1000;
  } while (seconds < 0.1);
  return (products * 2 * n ** 3) / seconds / 1e9;
}

/** The system's BLAS, or why there is none. */
async function findBlas(): Promise<{ backend: BlasBackend } | { library?: undefined; problem: string }> {
  try {
    return { backend: (await loadBackendBlas()).blasBackend() };
  } catch (error) {
    return { problem: describeError(error) };
  }
}

/** The TensorFlow.js packages that can be found from the current folder. */
function tensorflow(): string[] {
  const require = createRequire(`${process.cwd()}/`);
  return ['@tensorflow/tfjs', '@tensorflow/tfjs-node'].flatMap((name) => {
    try {
      const { version: found } = require(`${name}/package.json`) as { version: string };
      return [`${name} ${found}`];
    } catch {
      return [];
    }
  });
}
