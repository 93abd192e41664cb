import type { TensorFlowEngine } from '../load-tensor-flow';
import { loadTensorFlow, type LoadedTensorFlow } from '../load-tensor-flow';
export const engines: TensorFlowEngine[] = ['cpu', 'wasm'];
export const load = (engine: TensorFlowEngine): Promise<LoadedTensorFlow> => loadTensorFlow({ engine });
