/**
 * Who takes part: how each one is called, how its program is started, whether it is installed, and which work it cannot
 * do. `missing` and `cannot` return the reason, which the page shows: nobody is left out silently.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { cachedOpenBlas } from '../scripts/cached-openblas.mjs';
import { chromiumPath } from './chromium-path.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ownMajor = process.versions.node.split('.')[0];

/** The Node of a major version: the one from npm, or this one. */
export function nodePath(major) {
  const installed = here(`node_modules/node${major}/bin/node`);
  if (existsSync(installed)) return installed;
  return major === ownMajor ? process.execPath : undefined;
}

const python =
  process.env.RNNLAB_BENCH_PYTHON ??
  here(process.platform === 'win32' ? '.venv/Scripts/python.exe' : '.venv/bin/python'); // prettier-ignore

/** What a peer is too slow for: training steps of more work than one of the usual size with H = `limit`. */
const upTo =
  (limit, seconds) =>
  ({ kind, hiddenSize, seqLen, batchSize }) =>
    kind === 'train' && hiddenSize ** 2 * seqLen * batchSize > limit ** 2 * 64 * 32
      ? `a step takes over ${seconds} s`
      : undefined;

function inNode(major, program, note) {
  return {
    command: nodePath(major),
    args: [here(`peers/${program}`)],
    missing: () => (nodePath(major) ? note?.() : `Node ${major} is not installed: npm run bench:setup`),
  };
}

function ours(id, backend, threads = 1, major = '24') {
  const name = `rnnlab ${backend}${threads > 1 ? `, ${threads} threads` : ''}`;
  const built = () => {
    const packages = [
      'tensor',
      'rnn',
      'lstm',
      'gru',
      'optimizers',
      ...(backend === 'blas' ? ['backend-blas'] : []),
    ];
    const absent = packages.find((name) => !existsSync(here(`../packages/${name}/dist/index.js`)));
    return absent && `@rnnlab/${absent} is not built: npm run build`;
  };
  return {
    id,
    name: major === '24' ? name : `${name}, Node ${major}`,
    family: 'rnnlab',
    ...inNode(major, 'rnnlab.mjs', built),
    parameters: { backend, threads },
    environment: backend === 'blas' && existsSync(cachedOpenBlas) ? { RNNLAB_BLAS: cachedOpenBlas } : {},
    cannot: backend === 'reference' ? upTo(128, 3) : undefined,
  };
}

function inPython(id, name, program, threads) {
  const suffix = `, ${threads} thread${threads > 1 ? 's' : ''}`;
  return {
    id,
    name: `${name}${suffix}`,
    family: name,
    command: python,
    args: [here(`peers/${program}`)],
    parameters: { threads },
    environment: { OMP_NUM_THREADS: String(threads) },
    missing: () => (existsSync(python) ? undefined : 'no Python environment: npm run bench:setup'),
  };
}

const resolves = (from, name) => {
  try {
    return createRequire(new URL(from, import.meta.url)).resolve(name);
  } catch {
    return undefined;
  }
};
const tfCompare = '../packages/tf-compare/package.json';

function tfjs(id, name, packageName, more = {}) {
  const installed = () => {
    const found = resolves(tfCompare, packageName);
    if (!found) return `${packageName} is not installed: npm run bench:setup`;
    const addon = found.replace(/dist.index\.js$/, 'lib/napi-v8/tfjs_binding.node');
    return id === 'tfjs-node' && !existsSync(addon)
      ? 'its native addon is not built: npm run bench:setup'
      : undefined;
  };
  return {
    id,
    name,
    family: name,
    ...inNode('24', 'tfjs.mjs', installed),
    parameters: { backend: id },
    ...more,
  };
}

function inChromium(id, name, parameters, more = {}) {
  const missing = () => {
    if (!resolves('./package.json', 'playwright-core'))
      return 'playwright-core is not installed: npm run bench:setup';
    return chromiumPath() ? undefined : 'no Chromium found: install one or name it in RNNLAB_CHROMIUM';
  };
  return { id, name, family: 'Chromium', ...inNode(ownMajor, 'chromium.mjs', missing), parameters, ...more };
}

const list = [
  ours('wasm', 'wasm'),
  ours('wasm-2', 'wasm', 2),
  ours('blas', 'blas'),
  ours('blas-2', 'blas', 2),
  ours('reference', 'reference'),
  ...['20', '22', '26'].flatMap((major) => [
    ours(`wasm-node${major}`, 'wasm', 1, major),
    ours(`wasm-2-node${major}`, 'wasm', 2, major),
  ]),
  inChromium('chromium-wasm', 'rnnlab wasm, Chromium', { program: 'rnnlab', backend: 'wasm', threads: 1 }),
  inChromium('chromium-wasm-2', 'rnnlab wasm, 2 threads, Chromium', {
    program: 'rnnlab',
    backend: 'wasm',
    threads: 2,
  }), // prettier-ignore
  ...[1, 2].flatMap((threads) => [
    inPython(`pytorch-${threads}`, 'PyTorch', 'pytorch.py', threads),
    inPython(`numpy-${threads}`, 'NumPy', 'numpy_bptt.py', threads),
    inPython(`keras-${threads}`, 'Keras', 'keras_tf.py', threads),
  ]),
  tfjs('tfjs-node', 'tfjs-node', '@tensorflow/tfjs-node'),
  tfjs('tfjs-wasm', 'tfjs wasm', '@tensorflow/tfjs-backend-wasm', { cannot: upTo(256, 8) }),
  tfjs('tfjs-cpu', 'tfjs cpu', '@tensorflow/tfjs', { cannot: upTo(64, 4) }),
  inChromium('chromium-tfjs-wasm', 'tfjs wasm, Chromium', { program: 'tfjs' }, { cannot: upTo(256, 8) }),
  {
    id: 'brain',
    name: 'brain.js',
    family: 'brain.js',
    ...inNode('24', 'brain.mjs', () =>
      resolves('./package.json', 'brain.js') ? undefined : 'brain.js is not installed: npm run bench:setup',
    ),
    parameters: {},
    cannot: upTo(128, 1),
  },
  // for the smoke test: this very Node, nothing to install
  ...[
    ours('wasm-here', 'wasm', 1, ownMajor),
    ours('wasm-2-here', 'wasm', 2, ownMajor),
    ours('reference-here', 'reference', 1, ownMajor),
  ].map((contestant) => ({ ...contestant, command: process.execPath })),
];

/** By id. */
export const contestants = new Map(list.map((contestant) => [contestant.id, contestant]));
