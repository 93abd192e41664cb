/** The public types, checked by `tsc -b`: nothing here runs. */
import { Tensor, type Parameter } from '@rnnlab/tensor';
import { expectTypeOf } from 'vitest';
import {
  crossEntropy,
  generate,
  LanguageModel,
  Linear,
  RNN,
  type GeneratedToken,
  type RecurrentState,
} from './index';

const rnn = new RNN({ inputSize: 3, hiddenSize: 4 });
const x = Tensor.zeros([5, 2, 3]);

const { output, state, cache } = rnn.forward(x);
expectTypeOf(output).toEqualTypeOf<Tensor>();
expectTypeOf(state.h).toEqualTypeOf<Tensor>();
expectTypeOf(state.c).toEqualTypeOf<Tensor | undefined>(); // of an LSTM
expectTypeOf(rnn.backward(cache, { output }).input).toEqualTypeOf<Tensor | undefined>();
expectTypeOf(rnn.backward(cache, { state: { h: output } }).state).toEqualTypeOf(state);
expectTypeOf(rnn.parameters()).toEqualTypeOf<Parameter[]>();
expectTypeOf(rnn.stateDict()).toEqualTypeOf<Map<string, Tensor>>();
// @ts-expect-error of what size?
new RNN({ inputSize: 3 });
// @ts-expect-error integers are not trained
new RNN({ inputSize: 3, hiddenSize: 4, dtype: 'int32' });

// A model hands the state of its layer through.
const model = new LanguageModel({ recurrent: rnn, vocabSize: 3 });
expectTypeOf(model.forward(x).state).toEqualTypeOf(state);
expectTypeOf(generate(model, { prompt: 'a' })).toEqualTypeOf<
  AsyncGenerator<GeneratedToken<typeof state>, void, undefined>
>();
// @ts-expect-error where does it begin?
generate(model, { temperature: 1 });
expectTypeOf(state).toExtend<RecurrentState>();

expectTypeOf(new Linear({ inputSize: 2, outputSize: 3 }).bias).toEqualTypeOf<Parameter | undefined>();
expectTypeOf(crossEntropy(x, x).loss).toEqualTypeOf<number>();
// @ts-expect-error there is no such reduction
crossEntropy(x, x, { reduction: 'median' });
