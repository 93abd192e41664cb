/** The public types, checked by `tsc -b`: nothing here runs. */
import type { Tensor } from '@rnnlab/tensor';
import { expectTypeOf } from 'vitest';
import { loadTensorFlow, type toKerasWeights, type LoadedTensorFlow, type TensorFlowEngine } from './index';

expectTypeOf<TensorFlowEngine>().toEqualTypeOf<'node' | 'wasm' | 'cpu'>();
expectTypeOf(loadTensorFlow()).toEqualTypeOf<Promise<LoadedTensorFlow>>();
expectTypeOf<ReturnType<typeof toKerasWeights>>().toEqualTypeOf<Map<string, Tensor>>();
// @ts-expect-error there is no such engine
loadTensorFlow({ engine: 'webgpu' });
