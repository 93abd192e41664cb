import { readFileSync } from 'node:fs';
import { describeRecurrentCell, describeTorchCells, describeTorchLayers } from '@rnnlab/rnn/testing';
import { Tensor } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { LSTM } from './lstm';
import { LSTMCell } from './lstm-cell';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

describeRecurrentCell('LSTM', (options) => new LSTM(options));
describeTorchLayers(fixture('lstm.json'), (options) => new LSTM(options));
describeTorchCells(fixture('cells.json'), (_, options) => new LSTMCell(options));

describe('LSTM forget bias', () => {
  const biases = (options: Partial<ConstructorParameters<typeof LSTM>[0]>) =>
    new LSTM({ inputSize: 3, hiddenSize: 2, ...options })
      .parameters()
      .filter(({ name }) => name.startsWith('bias'));

  it('starts at 1 in the block f and only there', () => {
    expect([...biases({})[0].value.data]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect([...biases({ forgetBias: 0.25, init: 'seed' })[0].value.data]).toEqual([
      0, 0, 0.25, 0.25, 0, 0, 0, 0,
    ]);
  });

  it('counts once when there are two biases', () => {
    const [ih, hh] = biases({ recurrentBias: true });
    expect([...ih.value.slice(2, 4).data, ...hh.value.slice(2, 4).data]).toEqual([1, 1, 0, 0]);
  });

  it("is as PyTorch draws it with init: 'torch', unless given", () => {
    const [drawn] = biases({ init: 'torch' });
    expect(drawn.value.data.every((value) => Math.abs(value) < 1 / Math.sqrt(2))).toBe(true);
    expect([...biases({ init: 'torch', forgetBias: 3 })[0].value.slice(2, 4).data]).toEqual([3, 3]);
  });
});

it('keeps gates, state and output finite and right for huge inputs', () => {
  const lstm = new LSTM({ inputSize: 1, hiddenSize: 2, dtype: 'float64', seed: 3 });
  const { output, state, cache } = lstm.forward(Tensor.from([[[1e4]], [[-1e4]]], { dtype: 'float64' }));
  const back = lstm.backward(cache, { output: Tensor.full(output.shape, 1, 'float64') });
  for (const tensor of [
    output,
    state.h,
    state.c,
    back.input!,
    ...lstm.parameters().map(({ grad }) => grad),
  ]) {
    expect(tensor.data.every(Number.isFinite)).toBe(true);
  }
});

describe('LSTM trace', () => {
  it.each([{}, { peephole: true }, { coupledGates: true }])(
    'has the gates of the equations: %o',
    (options) => {
      const lstm = new LSTM({ inputSize: 3, hiddenSize: 2, dtype: 'float64', seed: 3, ...options });
      const { steps } = lstm.trace(
        Tensor.from([[[0.3, -0.7, 0.1]], [[0.9, 0.2, -0.4]]], { dtype: 'float64' }),
      );
      let c = [0, 0];
      for (const { layers } of steps) {
        const { gates, state } = layers[0][0];
        c = c.map((old, k) => gates.f.data[k] * old + gates.i.data[k] * gates.g.data[k]);
        c.forEach((value, k) => {
          expect(state.c.data[k]).toBeCloseTo(value, 14);
          expect(state.h.data[k]).toBeCloseTo(gates.o.data[k] * Math.tanh(value), 14);
        });
      }
    },
  );
});
