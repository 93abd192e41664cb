/** The public types, checked by `tsc -b`: nothing here runs. */
import type { Module } from '@rnnlab/rnn';
import { Tensor } from '@rnnlab/tensor';
import { expectTypeOf } from 'vitest';
import { AdditiveAttention, DotProductAttention } from './index';

const x = Tensor.zeros([5, 2, 3]);
const attention = new DotProductAttention({ causal: true });
const { output, weights, cache } = attention.forward({ query: x, key: x });
expectTypeOf(output).toEqualTypeOf<Tensor>();
expectTypeOf(weights).toEqualTypeOf<Tensor>();
const gradients = attention.backward(cache, { output });
expectTypeOf(gradients.key).toEqualTypeOf<Tensor>();
// Values have a gradient of their own only when they are not the keys.
expectTypeOf(gradients.value).toEqualTypeOf<Tensor | undefined>();

const additive = new AdditiveAttention({ querySize: 3, keySize: 3, attentionSize: 4 });
expectTypeOf(additive).toExtend<Module>();
// @ts-expect-error another attention's cache
additive.backward(cache, { output });
// @ts-expect-error queries of what size?
new AdditiveAttention({ keySize: 3, attentionSize: 4 });
// @ts-expect-error what is asked?
attention.forward({ key: x });
