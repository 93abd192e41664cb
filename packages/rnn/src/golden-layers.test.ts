/** Linear, Embedding and LayerNorm against PyTorch: every case of the file runs here or is listed with the reason. */
import { referenceBackend, wasmBackend, type Tensor } from '@rnnlab/tensor';
import { tensorFromJson, tensorMatchers, type TensorJson } from '@rnnlab/tensor/testing';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Embedding } from './embedding';
import { LayerNorm } from './layer-norm';
import { Linear } from './linear';
import type { Module } from './module';

expect.extend(tensorMatchers);

interface Case {
  name: string;
  params: Record<string, TensorJson>;
  input: TensorJson;
  upstream: TensorJson;
  paddingIdx?: number;
  eps?: number;
  expected: { output: TensorJson; grads: Record<string, TensorJson> };
}

const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL('../fixtures/layers_activations.json', import.meta.url), 'utf8'),
);

/** What runs elsewhere, by the first word of a case's name. */
const elsewhere: Record<string, string> = {
  activation: 'functions of one number are tested in @rnnlab/tensor, activations.test.ts',
  attention: 'attention is tested in @rnnlab/attention, golden.test.ts',
};
const kindOf = ({ name }: Case) => name.split('_')[0];

const runs = [
  { dtype: 'float64', backend: referenceBackend, forward: [1e-9, 1e-11], gradient: [1e-9, 1e-11] },
  { dtype: 'float32', backend: referenceBackend, forward: [2e-5, 2e-5], gradient: [1e-4, 1e-4] },
  {
    dtype: 'float32',
    backend: wasmBackend({ memoryMiB: 64 }),
    forward: [2e-5, 2e-5],
    gradient: [1e-4, 1e-4],
  },
  {
    dtype: 'float32',
    backend: wasmBackend({ memoryMiB: 64, threads: 2, workPerThread: 1 }),
    forward: [2e-5, 2e-5],
    gradient: [1e-4, 1e-4],
  },
] as const;

describe.each(runs)(
  'PyTorch golden layers in $dtype on $backend.name',
  ({ dtype, backend, forward, gradient }) => {
    /** A module that takes the case's weights, and its input. */
    const make: Record<string, (golden: Case) => [Linear | LayerNorm | Embedding, Tensor]> = {
      linear: ({ params, input }) => {
        const [outputSize, inputSize] = params.weight.shape;
        const bias = 'bias' in params;
        return [new Linear({ inputSize, outputSize, bias, dtype, backend }), tensorFromJson(input, dtype)];
      },
      embedding: ({ params, input, paddingIdx }) => {
        const [vocabSize, embeddingDim] = params.weight.shape;
        return [
          new Embedding({ vocabSize, embeddingDim, paddingId: paddingIdx, dtype, backend }),
          tensorFromJson(input, 'int32'),
        ];
      },
      layernorm: ({ params, input, eps }) => {
        const [inputSize] = params.weight.shape;
        const bias = 'bias' in params;
        const layer = new LayerNorm({ inputSize, epsilon: eps, bias, dtype, backend });
        return [layer, tensorFromJson(input, dtype)];
      },
    };

    it.each(cases.filter((golden) => !(kindOf(golden) in elsewhere)))('$name', (golden) => {
      expect(Object.keys(make)).toContain(kindOf(golden));
      const tensor = (json: TensorJson) => tensorFromJson(json, dtype);
      const [layer, input] = make[kindOf(golden)](golden);
      layer.loadStateDict(new Map(Object.entries(golden.params).map(([name, json]) => [name, tensor(json)])));
      const { output, cache } = layer.forward(input);
      expect(output).toBeCloseToTensor(tensor(golden.expected.output), {
        rtol: forward[0],
        atol: forward[1],
        name: 'output',
      });
      const back = layer.backward(cache as never, { output: tensor(golden.upstream) });
      const grads = new Map((layer as Module).parameters().map(({ name, grad }) => [name, grad]));
      if (back) grads.set('input', back.input);
      for (const [name, json] of Object.entries(golden.expected.grads)) {
        expect(grads.get(name)).toBeCloseToTensor(tensor(json), {
          rtol: gradient[0],
          atol: gradient[1],
          name: `d${name}`,
        });
      }
    });
  },
);

it('has a case of every kind', () => {
  expect(new Set(cases.map(kindOf))).toEqual(
    new Set(['linear', 'embedding', 'layernorm', ...Object.keys(elsewhere)]),
  );
});
