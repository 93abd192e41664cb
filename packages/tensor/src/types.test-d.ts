/** The public types, checked by `tsc -b`: nothing here runs. */
import { expectTypeOf } from 'vitest';
import {
  Parameter,
  readSafetensors,
  Rng,
  Tensor,
  wasmBackend,
  type Backend,
  type DType,
  type RawTensor,
  type TypedArray,
  type WasmBackend,
} from './index';

expectTypeOf(Tensor.zeros([2, 3])).toEqualTypeOf<Tensor>();
expectTypeOf<Tensor['data']>().toEqualTypeOf<TypedArray>();
expectTypeOf<Tensor['shape']>().toEqualTypeOf<readonly number[]>();
expectTypeOf<DType>().toEqualTypeOf<'float32' | 'float64' | 'int32'>();
Tensor.from([[1, 2], [3, 4]]); // biome-ignore format: one line
Tensor.from(new Float64Array(6), { shape: [2, 3], dtype: 'float32' });
// @ts-expect-error strings are no numbers
Tensor.from(['1', '2']);
// @ts-expect-error there is no such element type
Tensor.zeros([2], 'float16');
// @ts-expect-error a shape is a list
Tensor.zeros(2);

const parameter = new Parameter('weight', Tensor.zeros([2]));
expectTypeOf(parameter.grad).toEqualTypeOf<Tensor>();
// @ts-expect-error a parameter keeps its tensor; what changes is in it
parameter.value = Tensor.zeros([2]);

expectTypeOf(new Rng(1).shuffle(['a', 'b'])).toEqualTypeOf<string[]>();
expectTypeOf(new Rng(1).shuffle(new Float32Array(3))).toExtend<Float32Array>();
// @ts-expect-error every run has a seed
new Rng();

expectTypeOf(wasmBackend()).toEqualTypeOf<WasmBackend>();
expectTypeOf<WasmBackend>().toExtend<Backend>();
expectTypeOf(readSafetensors(new Uint8Array()).tensors.get('x')).toEqualTypeOf<
  Tensor | RawTensor | undefined
>();
