import { describe, expect, it } from 'vitest';
import { compareSpeed } from './compare-speed';
import { engines, load } from './testing/engines';

const model = { cell: 'lstm', vocabSize: 9, hiddenSize: 8, seed: 1 } as const;

describe.each(engines)('engine %s', (name) => {
  it('measures both sides in turn, and what a step holds', async () => {
    const engine = await load(name);
    const before = engine.tf.memory().numTensors;
    const plan = { model, seqLen: 5, batchSize: 4, rounds: 2, milliseconds: 1 };
    const { rnnlab, tensorflow, ratio } = await compareSpeed(engine, plan);
    for (const side of [rnnlab, tensorflow]) {
      expect(side.rounds).toHaveLength(2);
      expect(side.tokensPerSecond).toBeCloseTo((side.rounds[0] + side.rounds[1]) / 2);
      expect(side.millisecondsPerStep).toBeCloseTo((1000 * 5 * 4) / side.tokensPerSecond);
      expect(side.bytes).toBeGreaterThan(4 * 4 * (4 * 8 * (9 + 8 + 1) + 9 * (8 + 1))); // weights, gradients, slots
    }
    expect(ratio).toBeCloseTo(rnnlab.tokensPerSecond / tensorflow.tokensPerSecond);
    expect(engine.tf.memory().numTensors).toBe(before);
  });
});

it('needs more memory for more steps', async () => {
  const engine = await load('cpu');
  const bytes = async (seqLen: number) => {
    const { rnnlab, tensorflow } = await compareSpeed(engine, {
      model,
      seqLen,
      batchSize: 3,
      rounds: 1,
      milliseconds: 1,
    });
    return [rnnlab.bytes, tensorflow.bytes];
  };
  const [[own, other], [ownLong, otherLong]] = [await bytes(4), await bytes(16)];
  expect(ownLong).toBeGreaterThan(own);
  expect(otherLong).toBeGreaterThan(other);
});
