/** The public types, checked by `tsc -b`: nothing here runs. */
import { LanguageModel, type RecurrentLayer } from '@rnnlab/rnn';
import { Tensor } from '@rnnlab/tensor';
import { expectTypeOf } from 'vitest';
import { LSTM, type LSTMOptions, type LSTMState } from './index';

const lstm = new LSTM({ inputSize: 3, hiddenSize: 4, numLayers: 2, forgetBias: 1 });
const x = Tensor.zeros([5, 2, 3]);

const { state, cache } = lstm.forward(x, lstm.zeroState(2), { lengths: [5, 3] });
expectTypeOf(state).toEqualTypeOf<LSTMState>();
expectTypeOf<LSTMState>().toEqualTypeOf<{ h: Tensor; c: Tensor }>();
expectTypeOf(lstm.backward(cache, { state: { c: state.c } }).state).toEqualTypeOf<LSTMState>();
// @ts-expect-error half a state
lstm.forward(x, { h: state.h });
expectTypeOf(lstm).toExtend<RecurrentLayer<LSTMState>>();
expectTypeOf<LSTM['type']>().toEqualTypeOf<'lstm'>();

// The gates have their names, in a trace too.
const { gates } = lstm.trace(x).steps[0].layers[0][0];
expectTypeOf(gates).toEqualTypeOf<{ readonly [name in 'i' | 'f' | 'g' | 'o']: Tensor }>();
expectTypeOf<ConstructorParameters<typeof LSTM>[0]>().toEqualTypeOf<LSTMOptions>();
// @ts-expect-error GRU's option
new LSTM({ inputSize: 3, hiddenSize: 4, resetAfter: true });
// @ts-expect-error an activation by a name that there is not
new LSTM({ inputSize: 3, hiddenSize: 4, activation: 'swish' });

expectTypeOf(new LanguageModel({ recurrent: lstm, vocabSize: 3 }).zeroState(1)).toEqualTypeOf<LSTMState>();
