/**
 * The engines that tests run on. A native addon that is not built is a failure where CI is set; elsewhere each file that
 * would use it has a skipped test that says how to build it.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { it } from 'vitest';
import { loadTensorFlow, type LoadedTensorFlow, type TensorFlowEngine } from '../load-tensor-flow';

/** For `describe.each`. */
export const engines: TensorFlowEngine[] = ['cpu', 'wasm'];

// Under CI the engine is in the list even where it is not built: its tests have to fail.
if (process.env.CI || isBuilt()) engines.push('node');
else it.skip('native TensorFlow: not built here, run `node scripts/setup-tfjs-node.mjs`');

/** Makes `engine` the active one; tfjs has one at a time in a process. */
export const load = (engine: TensorFlowEngine): Promise<LoadedTensorFlow> => loadTensorFlow({ engine });

function isBuilt(): boolean {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json');
  const lib = join(dirname(manifest), 'lib');
  return existsSync(lib) && readdirSync(lib).some((napi) => existsSync(join(lib, napi, 'tfjs_binding.node')));
}
