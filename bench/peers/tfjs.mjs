/**
 * TensorFlow.js in Node, on the backend that the workload names: `tfjs-node`, `tfjs-wasm` or `tfjs-cpu`. The packages are
 * those of packages/tf-compare; scripts/setup-tfjs-node.mjs builds the native addon. See serve.mjs.
 */
import { createRequire } from 'node:module';
import util from 'node:util';
import { serve } from './serve.mjs';

const require = createRequire(new URL('../../packages/tf-compare/package.json', import.meta.url));

const load = {
  'tfjs-node'() {
    // tensorflow/tfjs #8609: 4.22 calls what Node 23 removed
    util.isNullOrUndefined ??= (value) => value === null || value === undefined;
    util.isArray ??= Array.isArray;
    return require('@tensorflow/tfjs-node');
  },
  async 'tfjs-wasm'() {
    const tf = require('@tensorflow/tfjs');
    const wasm = require('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(
      `${require.resolve('@tensorflow/tfjs-backend-wasm/package.json').replace('package.json', 'dist/')}`,
    );
    await tf.setBackend('wasm');
    return tf;
  },
  async 'tfjs-cpu'() {
    const tf = require('@tensorflow/tfjs');
    await tf.setBackend('cpu');
    return tf;
  },
};

// Its greetings would stand between the answers.
for (const name of ['log', 'info', 'warn'])
  console[name] = (...words) => process.stderr.write(`${words.join(' ')}\n`);

await serve(async (workload, given) => {
  const tf = await load[workload.backend]();
  await tf.ready();
  const { prepare } = await import('./tfjs-work.mjs');
  const peer = await prepare(tf, workload, given);
  const { binding } = tf.backend(); // of tfjs-node
  const tensorFlow = binding && { TensorFlow: binding.TF_Version };
  return { ...peer, versions: { ...peer.versions, ...tensorFlow, Node: process.versions.node } };
});
process.exit();
