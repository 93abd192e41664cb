/**
 * TensorFlow for JavaScript, with one of three engines behind the same API:
 *
 *   node   `@tensorflow/tfjs-node`: TensorFlow's own C++ kernels. An optional peer: install it yourself.
 *   wasm   XNNPACK and hand-written kernels in WebAssembly, from `@tensorflow/tfjs-backend-wasm`.
 *   cpu    plain JavaScript.
 *
 * tfjs-node fails in many ways (not installed, addon not built, built for another Node, a missing library,
 * functions that Node removed). None of them ends the program: `auto` goes on to the next engine and keeps the
 * reason, an explicit `node` throws a {@link TensorFlowError} that says what to do.
 *
 * tfjs has one active engine in a process: loading another one switches it for all tensors.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { ConfigError } from '@rnnlab/tensor';
import { explainFailure } from './explain-failure';
import { restoreNodeUtil } from './restore-node-util';
import { TensorFlowError } from './tensor-flow-error';

/** What `import('@tensorflow/tfjs')` gives. */
export type TensorFlow = typeof tfjs;

/** See the header of this file. */
export type TensorFlowEngine = 'node' | 'wasm' | 'cpu';

/** Options of {@link loadTensorFlow}. */
export interface LoadTensorFlowOptions {
  /** Default `'auto'`: the first of node, wasm and cpu that computes. */
  engine?: TensorFlowEngine | 'auto';
  /**
   * Ask the engine `node` for the same numbers in every run: oneDNN, which reorders sums, stays off. It is read when the
   * library is loaded first, and a `TF_ENABLE_ONEDNN_OPTS` of the environment comes before it. Default true.
   */
  reproducible?: boolean;
  /** How a package is imported. By default `import()`; tests give another one. */
  importPackage?: (name: string) => Promise<unknown>;
}

/** A loaded engine. */
export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly engine: TensorFlowEngine;
  /** Version of `@tensorflow/tfjs`, e.g. `'4.22.0'`. */
  readonly version: string;
  /** Version of the TensorFlow library, e.g. `'2.21.0'`; only of the engine `node`. */
  readonly tensorflowVersion?: string;
  /** Functions of Node's `util` that had to be put back, see {@link restoreNodeUtil}. */
  readonly restored: readonly string[];
  /** The engines that `auto` tried before, each with the reason why it does not run. */
  readonly skipped: readonly { readonly engine: TensorFlowEngine; readonly reason: string }[];
}

const engines: readonly TensorFlowEngine[] = ['node', 'wasm', 'cpu'];
const backends: Readonly<Record<TensorFlowEngine, string>> = { node: 'tensorflow', wasm: 'wasm', cpu: 'cpu' };

/**
 * Loads TensorFlow.js and makes an engine the active one.
 *
 * @throws {@link TensorFlowError} when the engine asked for does not run here; {@link ConfigError} for an unknown one.
 *
 * @example
 * ```ts
 * import { loadTensorFlow } from '@rnnlab/tf-compare';
 *
 * const { tf, engine, version } = await loadTensorFlow({ engine: 'cpu' });
 * console.log(engine, version); // cpu 4.22.0
 * const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]));
 * console.log(product.dataSync()[0]); // 11
 * ```
 */
export async function loadTensorFlow(options: LoadTensorFlowOptions = {}): Promise<LoadedTensorFlow> {
  const { engine = 'auto' } = options;
  if (engine !== 'auto' && !engines.includes(engine)) {
    throw new ConfigError(
      `loadTensorFlow: engine is ${JSON.stringify(engine)}, expected 'auto', 'node', 'wasm' or 'cpu'.`,
    );
  }
  if (engine !== 'auto') return { ...(await load(engine, options)), skipped: [] };
  const skipped: { engine: TensorFlowEngine; reason: string }[] = [];
  for (const candidate of engines) {
    try {
      return { ...(await load(candidate, options)), skipped };
    } catch (error) {
      skipped.push({ engine: candidate, reason: (error as Error).message });
    }
  }
  const reasons = skipped.map(({ reason }) => `\n  ${reason}`).join('');
  throw new TensorFlowError(`loadTensorFlow: no engine runs here:${reasons}`);
}

async function load(
  engine: TensorFlowEngine,
  options: LoadTensorFlowOptions,
): Promise<Omit<LoadedTensorFlow, 'skipped'>> {
  try {
    const restored = engine === 'node' ? prepareNode(options) : [];
    const tf = await importTensorFlow(engine, options.importPackage ?? importByName);
    if (!(await tf.setBackend(backends[engine]))) throw new Error('its backend does not start');
    await tf.ready();
    if (engine === 'cpu') Object.assign(tf.backend(), { firstUse: false }); // or it prints an advertisement for tfjs-node
    checkThatItComputes(tf);
    const { binding } = tf.backend() as { binding?: { TF_Version?: string } };
    return { tf, engine, version: tf.version.tfjs, tensorflowVersion: binding?.TF_Version, restored };
  } catch (error) {
    throw new TensorFlowError(`loadTensorFlow: engine '${engine}' ${explainFailure(engine, error)}`, {
      cause: error,
    });
  }
}

/** What has to be set before the library is loaded. */
function prepareNode({ reproducible = true }: LoadTensorFlowOptions): string[] {
  const env = globalThis.process?.env;
  if (env) {
    env.TF_CPP_MIN_LOG_LEVEL ??= '3';
    if (reproducible) env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  }
  return restoreNodeUtil();
}

async function importTensorFlow(
  engine: TensorFlowEngine,
  importPackage: (name: string) => Promise<unknown>,
): Promise<TensorFlow> {
  if (engine === 'node') return exportsOf(await importPackage('@tensorflow/tfjs-node'));
  const tf = exportsOf(await importPackage('@tensorflow/tfjs'));
  if (engine === 'wasm') await importPackage('@tensorflow/tfjs-backend-wasm');
  return tf;
}

/** A bundler follows the first two; the peer has to stay invisible to it. */
function importByName(name: string): Promise<unknown> {
  if (name === '@tensorflow/tfjs') return import('@tensorflow/tfjs');
  if (name === '@tensorflow/tfjs-backend-wasm') return import('@tensorflow/tfjs-backend-wasm');
  return import(/* @vite-ignore */ name);
}

/** Node shows a CommonJS package as `default`, beside those names that it could guess. */
function exportsOf(module: unknown): TensorFlow {
  const { default: whole } = module as { default?: TensorFlow };
  return whole ?? (module as TensorFlow);
}

/** A product, and the operator that needs `util.isNullOrUndefined` on the engine `node`. */
function checkThatItComputes(tf: TensorFlow): void {
  const [product, top] = tf.tidy(() => [
    tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0],
    tf.topk(tf.tensor1d([5, 7, 6]), 1).values.dataSync()[0],
  ]);
  if (product !== 11 || top !== 7) {
    throw new Error(`computes [1 2]·[3 4]ᵀ = ${product} and max(5, 7, 6) = ${top}, expected 11 and 7`);
  }
}
