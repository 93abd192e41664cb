import { mean, Rng, Tensor } from '@rnnlab/tensor';
import { randomTensor } from '@rnnlab/tensor/testing';
import { expect, it } from 'vitest';
import { RNN } from './rnn';
import { applyZoneout, drawZoneout, partZoneout } from './zoneout';

const filled = (...values: number[]) => Tensor.from(values, { dtype: 'float64' });

it('keeps units with the given probability while training, and in part at inference', () => {
  const d = drawZoneout(Tensor.zeros([20000]), 0.3, new Rng(5));
  expect(d.data.every((value) => value === 0 || value === 1)).toBe(true);
  expect(mean(d)).toBeCloseTo(0.3, 2);
  expect([...drawZoneout(filled(7, 7), 0.25, undefined).data]).toEqual([0.25, 0.25]);
});

it('mixes the old and the new state, and parts the gradient the same way', () => {
  const [d, s, sNew] = [filled(1, 0, 0.25), filled(1, 2, 3), filled(10, 20, 30)];
  applyZoneout(d, s, sNew);
  expect([...sNew.data]).toEqual([1, 20, 23.25]);
  const ds = filled(4, 5, 8);
  expect([...partZoneout(d, ds, filled(0, 0, 0)).data]).toEqual([4, 0, 2]);
  expect([...ds.data]).toEqual([0, 5, 6]);
});

it('is the mean of what training does, at inference, where the cell is linear', () => {
  const options = {
    inputSize: 2,
    hiddenSize: 3,
    nonlinearity: 'linear',
    dtype: 'float64',
    init: 'torch',
    seed: 2,
  } as const;
  const rnn = new RNN({ ...options, zoneout: 0.4 });
  const input = randomTensor([2, 1, 2], new Rng(1), { dtype: 'float64' });
  const average = Tensor.zeros([3], 'float64');
  const runs = 20000;
  for (let n = 0; n < runs; n++) {
    const { data } = rnn.forward(input, undefined, { training: true }).state.h;
    for (let k = 0; k < 3; k++) average.data[k] += data[k] / runs;
  }
  const expected = rnn.forward(input).state.h.data;
  const plain = new RNN(options).forward(input).state.h.data;
  for (let k = 0; k < 3; k++) {
    expect(Math.abs(average.data[k] - expected[k])).toBeLessThan(0.01);
    expect(Math.abs(plain[k] - expected[k])).toBeGreaterThan(0.03);
  }
});

it('takes a probability for h alone', () => {
  const rnn = new RNN({ inputSize: 2, hiddenSize: 3, zoneout: { h: 0.999999 }, seed: 1 });
  const initial = { h: Tensor.from([[[0.5, -0.25, 0.125]]]) };
  const { state } = rnn.forward(Tensor.full([4, 1, 2], 0.3), initial, { training: true });
  expect([...state.h.data]).toEqual([0.5, -0.25, 0.125]); // all kept: about one in 80,000 seeds would not
});
