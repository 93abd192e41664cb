/**
 * Runs the golden cases that PyTorch computed in float64 (format: `fixtures/*.json`): outputs, final states and
 * every gradient by name, in float64 and in float32.
 *
 * loss = Σ output·upstream.output + Σ hn·upstream.hn (+ Σ cn·upstream.cn)
 */
import { referenceBackend, Tensor, wasmBackend, type Backend, type FloatDType } from '@rnnlab/tensor';
import { tensorFromJson, tensorMatchers, type TensorJson } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import type { Cell, CellOptions, RecurrentState } from '../cell';
import type { RecurrentLayer } from '../recurrent-layer';
import type { RecurrentOptions } from '../recurrent-options';

expect.extend(tensorMatchers);

type Named = Record<string, TensorJson>;

/** A file of whole-layer cases, such as `lstm.json`. */
export interface TorchLayerFile {
  cases: {
    name: string;
    config: {
      inputSize: number;
      hiddenSize: number;
      numLayers: number;
      bidirectional: boolean;
      bias: boolean;
      batchFirst: boolean;
      /** Only in files of projected LSTMs. */
      projSize?: number;
    };
    params: Named;
    input: TensorJson;
    h0: TensorJson | null;
    c0?: TensorJson | null;
    lengths: number[] | null;
    upstream: { output: TensorJson; hn: TensorJson; cn?: TensorJson };
    expected: { output: TensorJson; hn: TensorJson; cn?: TensorJson; loss: number; grads: Named };
  }[];
}

/** A file of single-cell cases, such as `cells.json`: three chained steps. */
export interface TorchCellFile {
  cases: {
    name: string;
    params: Named;
    inputs: TensorJson[];
    h0: TensorJson;
    c0?: TensorJson;
    upstream: { h: TensorJson[]; cLast?: TensorJson };
    expected: { h: TensorJson[]; c?: TensorJson[]; loss: number; grads: Named & { inputs: TensorJson[] } };
  }[];
}

/** Where the cases are run. */
export interface GoldenRun {
  readonly dtype: FloatDType;
  readonly backend: Backend;
}

/** float64 is the reference's alone; float32 has to hold on every backend. */
const everyBackend: readonly GoldenRun[] = [
  { dtype: 'float64', backend: referenceBackend },
  { dtype: 'float32', backend: referenceBackend },
  { dtype: 'float32', backend: wasmBackend({ memoryMiB: 64 }) },
  { dtype: 'float32', backend: wasmBackend({ memoryMiB: 64, threads: 2, workPerThread: 1 }) },
];

/** |a − b| ≤ atol + rtol·|b|; ten times wider in float32 where rounding adds up over many or steep steps. */
function tolerances(dtype: FloatDType, caseName: string) {
  if (dtype === 'float64')
    return { forward: { rtol: 1e-9, atol: 1e-11 }, gradient: { rtol: 1e-9, atol: 1e-11 } };
  const wider = /^(long_|saturating_)/.test(caseName) ? 10 : 1;
  return {
    forward: { rtol: 2e-5 * wider, atol: 2e-5 * wider },
    gradient: { rtol: 1e-4 * wider, atol: 1e-4 * wider },
  };
}

/** One test a case and run, by default on every backend that `@rnnlab/tensor` has. */
export function describeTorchLayers(
  file: TorchLayerFile,
  make: (options: RecurrentOptions & { projectionSize?: number }) => RecurrentLayer,
  runs = everyBackend,
): void {
  describe.each(runs)('PyTorch golden layers in $dtype on $backend.name', ({ dtype, backend }) => {
    it.each(file.cases)('$name', (golden) => {
      const { config, params, input, h0, c0, lengths, upstream, expected } = golden;
      const { forward, gradient } = tolerances(dtype, golden.name);
      const tensor = (json: TensorJson) => tensorFromJson(json, dtype);
      const state = (h?: TensorJson | null, c?: TensorJson | null) =>
        h ? ({ h: tensor(h), ...(c ? { c: tensor(c) } : {}) } as RecurrentState) : undefined;
      const layer = make({
        ...config,
        projectionSize: config.projSize,
        recurrentBias: config.bias,
        dtype,
        backend,
      });
      layer.loadStateDict(new Map(Object.entries(params).map(([name, json]) => [name, tensor(json)])));

      const run = layer.forward(tensor(input), state(h0, c0), { lengths: lengths ?? undefined });
      expect(run.output).toBeCloseToTensor(tensor(expected.output), { ...forward, name: 'output' });
      expect(run.state.h).toBeCloseToTensor(tensor(expected.hn), { ...forward, name: 'hn' });
      if (expected.cn) expect(run.state.c).toBeCloseToTensor(tensor(expected.cn), { ...forward, name: 'cn' });

      const back = layer.backward(run.cache, {
        output: tensor(upstream.output),
        state: state(upstream.hn, upstream.cn),
      });
      const grads = new Map(layer.parameters().map(({ name, grad }) => [name, grad]));
      grads.set('input', back.input!).set('h0', back.state.h);
      if (back.state.c) grads.set('c0', back.state.c);
      for (const [name, json] of Object.entries(expected.grads)) {
        expect(grads.get(name), name).toBeCloseToTensor(tensor(json), { ...gradient, name: `d${name}` });
      }
    });
  });
}

/** The same for a cell run step by step by hand. */
export function describeTorchCells(
  file: TorchCellFile,
  make: (caseName: string, options: CellOptions) => Cell,
  runs = everyBackend,
): void {
  describe.each(runs)('PyTorch golden cells in $dtype on $backend.name', ({ dtype, backend }) => {
    it.each(file.cases)('$name', ({ name, params, inputs, h0, c0, upstream, expected }) => {
      const { forward, gradient } = tolerances(dtype, name);
      const tensor = (json: TensorJson) => tensorFromJson(json, dtype);
      const [, inputSize] = params.weight_ih.shape;
      const [, hiddenSize] = params.weight_hh.shape;
      const cell = make(name, { inputSize, hiddenSize, recurrentBias: true, dtype, backend });
      for (const parameter of cell.parameters()) parameter.value.copyFrom(tensor(params[parameter.name]));

      let state: RecurrentState = { h: tensor(h0), ...(c0 ? { c: tensor(c0) } : {}) };
      const caches = inputs.map((x, t) => {
        const step = cell.forward(tensor(x), state);
        state = step.state;
        expect(state.h).toBeCloseToTensor(tensor(expected.h[t]), { ...forward, name: `h[${t}]` });
        if (expected.c)
          expect(state.c).toBeCloseToTensor(tensor(expected.c[t]), { ...forward, name: `c[${t}]` });
        return step.cache;
      });

      let dState: RecurrentState = { h: Tensor.zeros(h0.shape, dtype) };
      if (upstream.cLast) dState.c = tensor(upstream.cLast);
      for (let t = inputs.length - 1; t >= 0; t--) {
        tensor(upstream.h[t]).data.forEach((value, k) => (dState.h.data[k] += value));
        const back = cell.backward(caches[t], dState);
        expect(back.input).toBeCloseToTensor(tensor(expected.grads.inputs[t]), {
          ...gradient,
          name: `dx[${t}]`,
        });
        dState = back.state;
      }
      expect(dState.h).toBeCloseToTensor(tensor(expected.grads.h0), { ...gradient, name: 'dh0' });
      if (c0) expect(dState.c).toBeCloseToTensor(tensor(expected.grads.c0), { ...gradient, name: 'dc0' });
      for (const parameter of cell.parameters()) {
        const golden = tensor(expected.grads[parameter.name]);
        expect(parameter.grad).toBeCloseToTensor(golden, { ...gradient, name: `d${parameter.name}` });
      }
    });
  });
}
