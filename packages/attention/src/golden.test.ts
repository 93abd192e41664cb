/** Scaled dot-product attention against PyTorch: every case of the file. */
import { referenceBackend, wasmBackend } from '@rnnlab/tensor';
import { tensorFromJson, tensorMatchers, type TensorJson } from '@rnnlab/tensor/testing';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DotProductAttention } from './dot-product-attention';

expect.extend(tensorMatchers);

interface Case {
  name: string;
  q: TensorJson;
  k: TensorJson;
  v: TensorJson;
  upstream: TensorJson;
  expected: { output: TensorJson; grads: { q: TensorJson; k: TensorJson; v: TensorJson } };
}
const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL('../fixtures/attention.json', import.meta.url), 'utf8'),
);

const runs = [
  { dtype: 'float64', backend: referenceBackend, forward: 1e-9, gradient: 1e-9 },
  { dtype: 'float32', backend: referenceBackend, forward: 2e-5, gradient: 1e-4 },
  { dtype: 'float32', backend: wasmBackend({ memoryMiB: 64 }), forward: 2e-5, gradient: 1e-4 },
] as const;

describe.each(runs)(
  'PyTorch golden attention in $dtype on $backend.name',
  ({ dtype, backend, ...tolerance }) => {
    const within = (rtol: number, name: string) => ({ rtol, atol: dtype === 'float64' ? 1e-11 : rtol, name });
    it.each(cases)('$name', ({ name, q, k, v, upstream, expected }) => {
      const causal = /^attention_causal(True|False)$/.exec(name)?.[1]; // any other name must not pass unseen
      expect(causal).toBeDefined();
      const tensor = (json: TensorJson) => tensorFromJson(json, dtype);
      const attention = new DotProductAttention({ causal: causal === 'True', batchFirst: true, backend });
      const { output, cache } = attention.forward({ query: tensor(q), key: tensor(k), value: tensor(v) });
      expect(output).toBeCloseToTensor(tensor(expected.output), within(tolerance.forward, 'output'));
      const back = attention.backward(cache, { output: tensor(upstream) });
      expect(back.query).toBeCloseToTensor(tensor(expected.grads.q), within(tolerance.gradient, 'dq'));
      expect(back.key).toBeCloseToTensor(tensor(expected.grads.k), within(tolerance.gradient, 'dk'));
      expect(back.value).toBeCloseToTensor(tensor(expected.grads.v), within(tolerance.gradient, 'dv'));
    });
  },
);
