/** The public types, checked by `tsc -b`: nothing here runs. */
import type { RecurrentLayer, RecurrentState } from '@rnnlab/rnn';
import { Tensor } from '@rnnlab/tensor';
import { expectTypeOf } from 'vitest';
import { GRU, type GRUOptions } from './index';

const gru = new GRU({ inputSize: 3, hiddenSize: 4, resetAfter: false });
const x = Tensor.zeros([5, 2, 3]);

const { state, cache } = gru.forward(x);
expectTypeOf(state).toEqualTypeOf<RecurrentState>();
expectTypeOf(gru.backward(cache, { output: x }).input).toEqualTypeOf<Tensor | undefined>();
expectTypeOf(gru).toExtend<RecurrentLayer<RecurrentState, 'r' | 'z' | 'n'>>();
expectTypeOf<GRU['type']>().toEqualTypeOf<'gru'>();
expectTypeOf<ConstructorParameters<typeof GRU>[0]>().toEqualTypeOf<GRUOptions>();
// @ts-expect-error a gate of the LSTM
void gru.trace(x).steps[0].layers[0][0].gates.o;
// @ts-expect-error LSTM's option
new GRU({ inputSize: 3, hiddenSize: 4, forgetBias: 1 });
// @ts-expect-error backward needs what forward kept
gru.backward(state, { output: x });
