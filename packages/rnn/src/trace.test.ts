import { Rng, Tensor } from '@rnnlab/tensor';
import { randomTensor } from '@rnnlab/tensor/testing';
import { expect, it } from 'vitest';
import { RNN } from './rnn';

const random = (...shape: number[]) => randomTensor(shape, new Rng(3), { dtype: 'float64' });

it('stays as it was when the layer goes on', () => {
  const rnn = new RNN({ inputSize: 3, hiddenSize: 2, dtype: 'float64', seed: 1 });
  const trace = rnn.trace(random(4, 2, 3));
  const before = JSON.stringify(trace.steps.map(({ layers }) => [...layers[0][0].gates.n.data]));
  rnn.forward(random(4, 2, 3).fill(9));
  expect(JSON.stringify(trace.steps.map(({ layers }) => [...layers[0][0].gates.n.data]))).toBe(before);
});

it('orders the steps by time in both directions, with batchFirst too', () => {
  const options = { inputSize: 3, hiddenSize: 2, dtype: 'float64', bidirectional: true, seed: 1 } as const;
  const rnn = new RNN({ ...options, batchFirst: true });
  const trace = rnn.trace(random(2, 5, 3)); // 2 rows of 5 steps
  expect(trace.steps).toHaveLength(5);
  trace.steps.forEach(({ layers: [[forward, reverse]] }, t) => {
    for (let b = 0; b < 2; b++) {
      const seen = [...forward.state.h.row(b).data, ...reverse.state.h.row(b).data];
      expect(seen).toEqual([...trace.output.row(b).row(t).data]);
    }
  });
});

it('shows a gradient that vanishes on its way back', () => {
  const rnn = new RNN({ inputSize: 1, hiddenSize: 3, dtype: 'float64', seed: 4 });
  for (let k = 0; k < 9; k++) rnn.cells[0][0].weightHh.value.data[k] *= 0.5;
  const trace = rnn.trace(random(12, 1, 1));
  trace.backward({ state: { h: Tensor.full([1, 1, 3], 1, 'float64') } });
  const norms = trace.steps.map(({ layers }) => layers[0][0].gradients!.norms.h);
  norms.slice(1).forEach((norm, t) => expect(norms[t]).toBeLessThan(0.51 * norm));
});
