/** Every engine computes, and whatever is wrong with one of them ends in a sentence that helps. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadTensorFlow } from './load-tensor-flow';
import { TensorFlowError } from './tensor-flow-error';
import { engines, load } from './testing/engines';

describe.each(engines)('engine %s', (engine) => {
  it('computes, and says what it is', async () => {
    const warn = vi.spyOn(console, 'warn');
    const { tf, tensorflowVersion, ...loaded } = await load(engine);
    expect(loaded).toMatchObject({ engine, version: '4.22.0', skipped: [] });
    expect(tf.getBackend()).toBe(engine === 'node' ? 'tensorflow' : engine);
    if (engine === 'node') expect(tensorflowVersion).toMatch(/^2\.\d+\.\d+/);
    else expect(tensorflowVersion).toBeUndefined();
    const before = tf.memory().numTensors;
    const lstm = tf.layers.lstm({ units: 4, returnSequences: true });
    const output = tf.tidy(() => lstm.apply(tf.ones([2, 3, 5])) as ReturnType<typeof tf.zeros>);
    expect(output.shape).toEqual([2, 3, 4]);
    output.dispose();
    lstm.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(warn).not.toHaveBeenCalled(); // no advertisement
    warn.mockRestore();
  });
});

it("takes by default the first engine that computes, and 'auto' is the default", async () => {
  const { engine, skipped } = await loadTensorFlow();
  if (engines.includes('node')) expect([engine, skipped]).toEqual(['node', []]);
  else expect([engine, skipped.map((each) => each.engine)]).toEqual(['wasm', ['node']]);
});

it('asks the library for reproducible numbers and silence, unless the environment says otherwise', async () => {
  const importPackage = () => Promise.reject(new Error('not this time'));
  const loadNode = (reproducible?: boolean) =>
    loadTensorFlow({ engine: 'node', reproducible, importPackage }).catch(() => undefined);
  vi.stubEnv('TF_ENABLE_ONEDNN_OPTS', undefined);
  vi.stubEnv('TF_CPP_MIN_LOG_LEVEL', undefined);
  await loadNode(false);
  expect(process.env.TF_ENABLE_ONEDNN_OPTS).toBeUndefined();
  expect(process.env.TF_CPP_MIN_LOG_LEVEL).toBe('3');
  await loadNode();
  expect(process.env.TF_ENABLE_ONEDNN_OPTS).toBe('0');
  vi.stubEnv('TF_ENABLE_ONEDNN_OPTS', '1');
  vi.stubEnv('TF_CPP_MIN_LOG_LEVEL', '0');
  await loadNode();
  expect(process.env.TF_ENABLE_ONEDNN_OPTS).toBe('1');
  expect(process.env.TF_CPP_MIN_LOG_LEVEL).toBe('0');
});

afterEach(() => vi.unstubAllEnvs());

/** Imports as `import()`, but `name` fails with `error`. */
const failing =
  (error: unknown, broken = '@tensorflow/tfjs-node') =>
  (name: string): Promise<unknown> =>
    name === broken ? Promise.reject(error) : import(name);

const withCode = (code: string, message: string) => Object.assign(new Error(message), { code });
const node = process.versions.node;
const unreachable =
  "Where its download host cannot be reached, build the addon from TensorFlow's Python wheel: see the README of @rnnlab/tf-compare.";
const others = "Or use engine 'wasm' or 'cpu', which need nothing.";
const rebuild = '`npm rebuild @tensorflow/tfjs-node --build-addon-from-source`';

const failures: [string, unknown, string][] = [
  [
    'is not installed',
    withCode('ERR_MODULE_NOT_FOUND', "Cannot find package '@tensorflow/tfjs-node' imported from /a/b.js"),
    `is not installed. Run \`npm install @tensorflow/tfjs-node@4.22.0\`. ${unreachable} ${others} (Cannot find package '@tensorflow/tfjs-node' imported from /a/b.js)`,
  ],
  [
    'is not installed, for require',
    withCode('MODULE_NOT_FOUND', "Cannot find module '@tensorflow/tfjs-node'\nRequire stack:\n- /a/b.js"),
    `is not installed. Run \`npm install @tensorflow/tfjs-node@4.22.0\`. ${unreachable} ${others} (Cannot find module '@tensorflow/tfjs-node')`,
  ],
  [
    'is not built',
    new Error(
      "The Node.js native addon module (tfjs_binding.node) can not be found at path: /a/lib/napi-v8/tfjs_binding.node. \nPlease run command 'npm rebuild …'",
    ),
    `is installed but its addon is not built. Run ${rebuild}. ${unreachable} ${others} (The Node.js native addon module (tfjs_binding.node) can not be found at path: /a/lib/napi-v8/tfjs_binding.node. )`,
  ],
  [
    'is built for another Node',
    withCode(
      'ERR_DLOPEN_FAILED',
      "The module '/a/tfjs_binding.node'\nwas compiled against a different Node.js version using NODE_MODULE_VERSION 108.",
    ),
    `has an addon that was built for another Node than ${node}. Run ${rebuild} with this Node. ${unreachable} ${others} (The module '/a/tfjs_binding.node')`,
  ],
  [
    'does not know this Node-API',
    new Error(
      'The N-API version of this Node instance is 1. This module supports N-API version(s) 3,4,5,6,7,8',
    ),
    `has an addon that was built for another Node than ${node}. Run ${rebuild} with this Node.`,
  ],
  [
    'is built for another machine',
    withCode('ERR_DLOPEN_FAILED', '/a/tfjs_binding.node: invalid ELF header'),
    `has an addon for another kind of machine. Delete node_modules and install again here. ${unreachable} ${others}`,
  ],
  [
    'misses the library',
    withCode(
      'ERR_DLOPEN_FAILED',
      'libtensorflow.so.2: cannot open shared object file: No such file or directory',
    ),
    `has an addon that does not find its TensorFlow library. Run ${rebuild}. ${unreachable} ${others} (libtensorflow.so.2: cannot open shared object file: No such file or directory)`,
  ],
  [
    'finds another library',
    withCode('ERR_DLOPEN_FAILED', '/a/tfjs_binding.node: undefined symbol: TFE_NewContextOptions'),
    'has an addon that does not find its TensorFlow library.',
  ],
  [
    'needs what this Node removed',
    new TypeError('(0 , util_1.isNullOrUndefined) is not a function'),
    `needs functions that Node ${node} no longer has, and they could not be put back. Use Node 20 or 22. ${others} ((0 , util_1.isNullOrUndefined) is not a function)`,
  ],
  [
    'fails in a way nobody knows',
    new Error('segment 7 is blue'),
    `does not start: segment 7 is blue. ${others}`,
  ],
  ['throws no error at all', 'a string', `does not start: a string. ${others}`],
  ['throws nothing', undefined, `does not start: undefined. ${others}`],
];

describe('tfjs-node', () => {
  it.each(failures)(
    'that %s: the reason and what to do, and auto goes on with wasm',
    async (_, error, sentence) => {
      const importPackage = failing(error);
      const failure = await loadTensorFlow({ engine: 'node', importPackage }).catch((thrown) => thrown);
      expect(failure).toBeInstanceOf(TensorFlowError);
      expect(failure.code).toBe('ERR_TENSORFLOW');
      expect(failure.cause).toBe(error);
      expect(failure.message).toContain(`loadTensorFlow: engine 'node' ${sentence}`);
      const { engine, skipped } = await loadTensorFlow({ importPackage });
      expect([engine, skipped]).toEqual(['wasm', [{ engine: 'node', reason: failure.message }]]);
    },
  );

  it('that computes something else is not used', async () => {
    const { tf } = await load('cpu');
    const wrong = {
      ...tf,
      setBackend: async () => true,
      matMul: () => tf.tensor1d([12]),
    };
    const importPackage = (name: string) =>
      name === '@tensorflow/tfjs-node' ? Promise.resolve({ default: wrong }) : import(name);
    await expect(loadTensorFlow({ engine: 'node', importPackage })).rejects.toThrow(
      "loadTensorFlow: engine 'node' does not start: computes [1 2]·[3 4]ᵀ = 12 and max(5, 7, 6) = 7, expected 11 and 7.",
    );
  });

  it('whose backend does not start is not used', async () => {
    const { tf } = await load('cpu');
    const importPackage = async () => ({ ...tf, setBackend: async () => false });
    await expect(loadTensorFlow({ engine: 'node', importPackage })).rejects.toThrow(
      "loadTensorFlow: engine 'node' does not start: its backend does not start.",
    );
  });
});

it('says when a dependency is missing, and why nothing runs', async () => {
  const missing = withCode('ERR_MODULE_NOT_FOUND', "Cannot find package '@tensorflow/x'");
  const importPackage = () => Promise.reject(missing);
  await expect(loadTensorFlow({ engine: 'wasm', importPackage })).rejects.toThrow(
    "loadTensorFlow: engine 'wasm' is not there: Cannot find package '@tensorflow/x'. Install @rnnlab/tf-compare again: its package is a dependency.",
  );
  const failure = await loadTensorFlow({ importPackage }).catch((error) => error);
  expect(failure.message).toMatch(
    /^loadTensorFlow: no engine runs here:\n {2}.*'node' is not installed.*\n {2}.*'wasm' is not there.*\n {2}.*'cpu' is not there/,
  );
  const broken = failing(new Error('no WebAssembly'), '@tensorflow/tfjs-backend-wasm');
  await expect(loadTensorFlow({ engine: 'wasm', importPackage: broken })).rejects.toThrow(
    "loadTensorFlow: engine 'wasm' does not start: no WebAssembly",
  );
});

it('refuses an engine that is none', async () => {
  await expect(loadTensorFlow({ engine: 'gpu' as 'cpu' })).rejects.toThrow(
    "loadTensorFlow: engine is \"gpu\", expected 'auto', 'node', 'wasm' or 'cpu'.",
  );
});
