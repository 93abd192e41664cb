/** Both forms of attention: gradients against differences, padding, causality, layout, and their refusals. */
import { ConfigError, dot, DTypeError, Rng, ShapeError, Tensor } from '@rnnlab/tensor';
import { expectGradients, gradCheck, randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import { describe, expect, it } from 'vitest';
import { AdditiveAttention } from './additive-attention';
import type { AttentionInputs } from './attention-inputs';
import { DotProductAttention } from './dot-product-attention';

expect.extend(tensorMatchers);

const [Tq, Tk, B, D, E] = [4, 5, 3, 6, 2];
const random = (shape: number[], seed: number) => randomTensor(shape, new Rng(seed), { dtype: 'float64' });

interface Options {
  causal?: boolean;
  batchFirst?: boolean;
}
type Attention = AdditiveAttention | DotProductAttention;
const forms: [string, (options: Options) => Attention][] = [
  ['DotProductAttention', (options) => new DotProductAttention(options)],
  ['DotProductAttention with scale 1', (options) => new DotProductAttention({ scale: 1, ...options })],
  [
    'AdditiveAttention',
    (options) =>
      new AdditiveAttention({
        querySize: D,
        keySize: D,
        attentionSize: 7,
        dtype: 'float64',
        rng: new Rng(9),
        ...options,
      }),
  ],
  [
    'AdditiveAttention without bias',
    (options) =>
      new AdditiveAttention({
        querySize: D,
        keySize: D,
        attentionSize: 7,
        bias: false,
        dtype: 'float64',
        ...options,
      }),
  ],
];
const inputs = (scale = 1): AttentionInputs => {
  const tensor = (shape: number[], seed: number) =>
    randomTensor(shape, new Rng(seed), { dtype: 'float64', scale });
  return { query: tensor([Tq, B, D], 1), key: tensor([Tk, B, D], 2), value: tensor([Tk, B, E], 3) };
};
const swap = (x: Tensor) => {
  const [a, b, c] = x.shape;
  const y = Tensor.zeros([b, a, c], x.dtype);
  for (let i = 0; i < a; i++) for (let j = 0; j < b; j++) y.row(j).row(i).copyFrom(x.row(i).row(j));
  return y;
};

describe.each(forms)('%s', (_, make) => {
  it.each([
    ['all keys', {}, undefined, 1, true],
    ['steep scores', {}, undefined, 3, true],
    ['lengths', {}, [5, 2, 3], 1, true],
    ['causal', { causal: true }, [5, 1, 3], 1, true],
    ['the key as value', {}, [4, 5, 1], 1, false],
    ['batch first', { batchFirst: true }, [5, 2, 3], 1, true],
  ] as const)('has the gradients of differences: %s', (_case, options, lengths, scale, withValue) => {
    const layer = make(options);
    for (const { name, value } of layer.parameters()) {
      if (name.endsWith('bias')) value.copyFrom(random([...value.shape], 8));
    }
    const given = inputs(scale);
    if (!withValue) delete given.value;
    if ('batchFirst' in options) {
      for (const name of ['query', 'key', 'value'] as const) given[name] = swap(given[name]!);
    }
    const run = () => layer.forward(given, { lengths });
    const upstream = {
      output: random([...run().output.shape], 4),
      weights: random([...run().weights.shape], 5),
    };
    const grads = Object.entries(given).map(([name, value]) => ({
      name,
      value: value as Tensor,
      grad: Tensor.zeros(value.shape, 'float64'),
    }));
    const rows = gradCheck({
      loss: () => {
        const { output, weights } = run();
        return dot(output, upstream.output) + dot(weights, upstream.weights);
      },
      backward: () => {
        layer.zeroGrad();
        const back = layer.backward(run().cache as never, upstream);
        for (const { name, grad } of grads) grad.copyFrom(back[name as 'query']);
      },
      parameters: [...layer.parameters(), ...grads],
    });
    expect(rows).toHaveLength(layer.parameters().length + (withValue ? 3 : 2));
    expectGradients(rows, 1e-6);
  });

  it('gives each row of the batch what its own keys alone would give, whatever stands in the padding', () => {
    const layer = make({});
    const given = inputs();
    const lengths = [5, 2, 3];
    const { output, weights, cache } = layer.forward(given, { lengths });
    const upstream = { output: random([Tq, B, E], 4) };
    const back = layer.backward(cache as never, upstream);
    const batchRow = (x: Tensor, b: number, length: number) => {
      const row = Tensor.zeros([length, 1, x.shape[2]], x.dtype);
      for (let t = 0; t < length; t++) row.row(t).row(0).copyFrom(x.row(t).row(b));
      return row;
    };
    for (let b = 0; b < B; b++) {
      const own: AttentionInputs = {
        query: batchRow(given.query, b, Tq),
        key: batchRow(given.key, b, lengths[b]),
        value: batchRow(given.value!, b, lengths[b]),
      };
      const alone = layer.forward(own);
      const close = { rtol: 1e-12, atol: 1e-15 };
      expect(batchRow(output, b, Tq)).toBeCloseToTensor(alone.output, close);
      const backAlone = layer.backward(alone.cache as never, { output: batchRow(upstream.output, b, Tq) });
      expect(batchRow(back.query, b, Tq)).toBeCloseToTensor(backAlone.query, close);
      expect(batchRow(back.key, b, lengths[b])).toBeCloseToTensor(backAlone.key, close);
      expect(batchRow(back.value!, b, lengths[b])).toBeCloseToTensor(backAlone.value!, close);
      for (let j = lengths[b]; j < Tk; j++) {
        expect(
          [...back.key.row(j).row(b).data, ...back.value!.row(j).row(b).data].every((g) => g === 0),
        ).toBe(true);
        for (let i = 0; i < Tq; i++) expect(weights.at(i, b, j)).toBe(0);
      }
    }
    given.key.row(4).row(1).fill(1e6);
    given.value!.row(4).row(1).fill(NaN);
    expect(layer.forward(given, { lengths }).output).toEqualTensor(output);
  });

  it('has weights with sum 1, and with causal: true none on a later key', () => {
    const { weights } = make({ causal: true }).forward(inputs());
    for (let i = 0; i < Tq; i++) {
      for (let b = 0; b < B; b++) {
        const row = [...weights.row(i).row(b).data];
        expect(row.reduce((a, x) => a + x)).toBeCloseTo(1, 12);
        expect(row.map((x) => x > 0)).toEqual(row.map((_x, j) => j <= i));
      }
    }
  });

  it('is the same batch first', () => {
    const { query, key, value } = inputs();
    const run = make({}).forward({ query, key, value }, { lengths: [5, 2, 3] });
    const swapped = { query: swap(query), key: swap(key), value: swap(value!) };
    const first = make({ batchFirst: true }).forward(swapped, { lengths: [5, 2, 3] });
    expect(swap(first.output)).toEqualTensor(run.output);
    expect(swap(first.weights)).toEqualTensor(run.weights);
  });
});

it('shares its weights by name', () => {
  const layer = new AdditiveAttention({ querySize: 3, keySize: 4, attentionSize: 5 });
  expect([...layer.stateDict()].map(([name, { shape }]) => [name, shape])).toEqual([
    ['query.weight', [5, 3]],
    ['query.bias', [5]],
    ['key.weight', [5, 4]],
    ['score.weight', [5]],
  ]);
  const copy = new AdditiveAttention({ querySize: 3, keySize: 4, attentionSize: 5, rng: new Rng(7) });
  copy.loadStateDict(layer.stateDict());
  expect(copy.score.value).toEqualTensor(layer.score.value);
});

it('refuses what does not fit, by name and with the remedy', () => {
  expect(() => new DotProductAttention({ scale: 0 })).toThrow(
    new ConfigError('DotProductAttention: scale is 0, expected a number > 0 (1 is no scaling).'),
  );
  expect(() => new AdditiveAttention({ querySize: 3, keySize: 2.5, attentionSize: 5 })).toThrow(
    new ConfigError('AdditiveAttention: keySize is 2.5, expected an integer ≥ 1.'),
  );
  const attention = new DotProductAttention();
  const zeros = (...shape: number[]) => Tensor.zeros(shape);
  expect(() => attention.forward({ query: zeros(4, 6), key: zeros(5, 3, 6) })).toThrow(
    new ShapeError(
      'DotProductAttention.forward: query has shape [4, 6], expected [queries, batchSize, querySize].',
    ),
  );
  expect(() => attention.forward({ query: zeros(3, 4, 6), key: zeros(3, 5, 6) })).toThrow(
    new ShapeError(
      'DotProductAttention.forward: key has shape [3, 5, 6], expected [keys, batchSize=4, keySize=6].',
    ),
  );
  expect(() => attention.forward({ query: zeros(4, 3, 6), key: zeros(3, 5, 6) })).toThrow(
    new ShapeError(
      'DotProductAttention.forward: key has shape [3, 5, 6], expected [keys, batchSize=3, keySize=6]. Did you mean batchFirst: true?',
    ),
  );
  expect(() =>
    attention.forward({ query: zeros(4, 3, 6), key: zeros(5, 3, 6), value: zeros(4, 3, 2) }),
  ).toThrow(
    new ShapeError(
      'DotProductAttention.forward: value has shape [4, 3, 2], expected [keys=5, batchSize=3, valueSize].',
    ),
  );
  expect(() => attention.forward({ query: zeros(4, 3, 6), key: Tensor.zeros([5, 3, 6], 'float64') })).toThrow(
    new DTypeError(
      "DotProductAttention.forward: key is float64, expected float32. Convert it with clone('float32').",
    ),
  );
  expect(() => attention.forward({ query: Tensor.zeros([4, 3, 6], 'int32'), key: zeros(5, 3, 6) })).toThrow(
    new DTypeError(
      'DotProductAttention.forward: query is int32, expected float32 or float64. Embed token ids first.',
    ),
  );
  const given = { query: zeros(4, 3, 6), key: zeros(5, 3, 6) };
  expect(() => attention.forward(given, { lengths: [5, 5] })).toThrow(
    new ShapeError('DotProductAttention.forward: lengths has 2 entries, expected batchSize=3.'),
  );
  expect(() => attention.forward(given, { lengths: [5, 0, 5] })).toThrow(
    new ShapeError('DotProductAttention.forward: lengths[1] is 0, expected an integer from 1 to keys=5.'),
  );
  const { cache } = attention.forward(given);
  expect(() => attention.backward(cache, { output: zeros(5, 3, 6) })).toThrow(
    new ShapeError(
      'DotProductAttention.backward: upstream output has shape [5, 3, 6], expected [d0=4, d1=3, d2=6].',
    ),
  );
  const additive = new AdditiveAttention({ querySize: 6, keySize: 6, attentionSize: 4, dtype: 'float64' });
  expect(() => additive.forward(given)).toThrow(
    new DTypeError(
      "AdditiveAttention.forward: query is float32, expected float64. Convert it with clone('float64').",
    ),
  );
  expect(() => additive.forward({ query: zeros(4, 3, 5), key: zeros(5, 3, 6) })).toThrow(
    new ShapeError(
      'AdditiveAttention.forward: query has shape [4, 3, 5], expected [queries, batchSize, querySize=6].',
    ),
  );
});
