import { ConfigError, Rng, softmax, Tensor } from '@rnnlab/tensor';
import { tensorFromJson, type TensorJson } from '@rnnlab/tensor/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keepMinP } from './min-p';
import { penalizeRepetition } from './repetition-penalty';
import { sampleToken, samplingDistribution } from './sample-token';
import type { SamplingOptions } from './sampling-options';
import { scaleByTemperature } from './temperature';
import { keepTopK } from './top-k';
import { keepTopP } from './top-p';

/** Scores from a coarse grid, so that equal ones are frequent. */
const scores = fc
  .array(fc.integer({ min: -12, max: 12 }), { minLength: 1, maxLength: 12 })
  .map((values) => Float64Array.from(values, (value) => value / 3));
const ln = (...p: number[]) => Float64Array.from(p, Math.log);
const kept = (z: Float64Array) => [...z.keys()].filter((k) => z[k] > -Infinity);
const firstOfLargest = (z: ArrayLike<number>) => {
  let best = 0;
  for (let k = 1; k < z.length; k++) if (z[k] > z[best]) best = k;
  return best;
};
const p = (z: ArrayLike<number>) => softmax(Tensor.from(Float64Array.from(z))).data;

describe('every filter', () => {
  const filters: [string, fc.Arbitrary<(z: Float64Array) => Float64Array>][] = [
    ['top-k', fc.integer({ min: 1, max: 14 }).map((k) => (z) => keepTopK(z, k))],
    ['top-p', fc.double({ min: 0.01, max: 1, noNaN: true }).map((q) => (z) => keepTopP(z, q))],
    ['min-p', fc.double({ min: 0, max: 1, noNaN: true }).map((m) => (z) => keepMinP(z, m))],
  ];
  it.each(filters)('%s keeps the most likely token, and every score that it keeps', (_, filter) => {
    fc.assert(
      fc.property(scores, filter, (z, apply) => {
        const after = apply(z.slice());
        expect(after[firstOfLargest(z)]).toBe(z[firstOfLargest(z)]);
        for (const k of kept(after)) expect(after[k]).toBe(z[k]);
        expect(kept(apply(after.slice())).length).toBeLessThanOrEqual(kept(after).length);
      }),
      { seed: 1 },
    );
  });

  it.each(filters)('%s removes no token that is more likely than one it keeps', (_, filter) => {
    fc.assert(
      fc.property(scores, filter, (z, apply) => {
        const after = apply(z.slice());
        const least = Math.min(...kept(after).map((k) => z[k]));
        z.forEach((score, k) => expect(after[k] > -Infinity || score <= least).toBe(true));
      }),
      { seed: 2 },
    );
  });
});

describe('keepTopK', () => {
  it('keeps exactly k tokens, of equals the lower ids', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 14 }), (z, k) => {
        const ids = kept(keepTopK(z.slice(), k));
        expect(ids).toHaveLength(Math.min(k, z.length));
        const border = Math.min(...ids.map((id) => z[id]));
        const equals = [...z.keys()].filter((id) => z[id] === border);
        const stayed = equals.filter((id) => ids.includes(id));
        expect(stayed).toEqual(equals.slice(0, stayed.length));
      }),
      { seed: 3 },
    );
    expect(kept(keepTopK(Float64Array.of(1, 3, 3, 2, 3), 2))).toEqual([1, 2]);
  });
});

describe('keepTopP', () => {
  it('keeps the smallest set with the probability', () => {
    expect(kept(keepTopP(ln(0.1, 0.45, 0.3, 0.15), 0.45 - 1e-9))).toEqual([1]);
    expect(kept(keepTopP(ln(0.1, 0.45, 0.3, 0.15), 0.46))).toEqual([1, 2]);
    expect(kept(keepTopP(ln(0.1, 0.45, 0.3, 0.15), 0.8))).toEqual([1, 2, 3]);
    fc.assert(
      fc.property(scores, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (z, q) => {
        const all = p(z);
        const inside = kept(keepTopP(z.slice(), q)).map((k) => all[k]);
        const mass = inside.reduce((a, b) => a + b);
        expect(mass).toBeGreaterThanOrEqual(q - 1e-12);
        expect(mass - Math.min(...inside)).toBeLessThan(q + 1e-12); // one fewer would be too little
      }),
      { seed: 4 },
    );
  });

  it('keeps all for 1, also those that rounding would lose', () => {
    const z = Float64Array.of(0, -80, -200);
    expect(keepTopP(z.slice(), 1)).toEqual(z);
  });
});

describe('keepMinP', () => {
  it('keeps what is likely enough beside the most likely token', () => {
    expect(kept(keepMinP(ln(0.5, 0.3, 0.15, 0.05), 0.29))).toEqual([0, 1, 2]);
    expect(kept(keepMinP(ln(0.5, 0.3, 0.15, 0.05), 0.31))).toEqual([0, 1]);
    expect(kept(keepMinP(Float64Array.of(2, 1, 2), 1))).toEqual([0, 2]);
    expect(kept(keepMinP(Float64Array.of(2, -700, 2), 0))).toEqual([0, 1, 2]);
  });
});

describe('penalizeRepetition', () => {
  it('makes what was there less likely, once, whatever the sign of its score', () => {
    const z = Float64Array.of(2, -2, 1, -1, 0);
    expect([...penalizeRepetition(z.slice(), 2, [0, 1, 0, 4])]).toEqual([1, -4, 1, -1, 0]);
    fc.assert(
      fc.property(scores, fc.integer({ min: 0, max: 11 }), (given, id) => {
        const token = id % given.length;
        const after = penalizeRepetition(given.slice(), 1.3, [token]);
        expect(after[token]).toBeLessThanOrEqual(given[token]);
        expect(p(after)[token]).toBeLessThanOrEqual(p(given)[token] + 1e-15);
      }),
      { seed: 5 },
    );
  });
});

describe('scaleByTemperature', () => {
  interface Case {
    name: string;
    logits: TensorJson;
    temperature: number;
    expected: { softmax: TensorJson; entropyNats: TensorJson };
  }
  const file = new URL('../fixtures/softmax_temperature.json', import.meta.url);
  const golden: { cases: Case[] } = JSON.parse(readFileSync(file, 'utf8'));

  it.each(golden.cases)('matches PyTorch: $name', ({ logits, temperature, expected }) => {
    const [z, wanted] = [tensorFromJson(logits, 'float64'), tensorFromJson(expected.softmax, 'float64')];
    for (let n = 0; n < z.shape[0]; n++) {
      const probabilities = samplingDistribution(z.row(n).data, { temperature });
      let entropy = 0;
      for (const [k, probability] of probabilities.entries()) {
        expect(Math.abs(probability - wanted.at(n, k))).toBeLessThanOrEqual(1e-11 + 1e-9 * wanted.at(n, k));
        if (probability > 0) entropy -= probability * Math.log(probability);
      }
      expect(entropy).toBeCloseTo(expected.entropyNats.data[n]!, 8);
    }
  });

  it('is greedy at 0, and in the limit', () => {
    const z = [1, 4, 4, -2];
    expect([...samplingDistribution(z, { temperature: 0 })]).toEqual([0, 1, 0, 0]);
    expect([...samplingDistribution(z, { temperature: 1e-300 })]).toEqual([0, 0.5, 0.5, 0]);
    expect([...samplingDistribution(z, { temperature: 1e300 })]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect([...scaleByTemperature(Float64Array.of(1, 3), 2)]).toEqual([-1, 0]);
  });
});

const anyOptions = fc.record<SamplingOptions>(
  {
    temperature: fc.double({ min: 0, max: 4, noNaN: true }),
    topK: fc.integer({ min: 1, max: 14 }),
    topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
    minP: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: [] },
);

describe('samplingDistribution', () => {
  it('sums to 1 and keeps the most likely token, whatever the options', () => {
    fc.assert(
      fc.property(scores, anyOptions, (z, options) => {
        const probabilities = samplingDistribution(z, options);
        expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        expect(probabilities[firstOfLargest(z)]).toBeGreaterThan(0);
        expect(Math.min(...probabilities)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 6 },
    );
  });

  it('lets the filters act one after the other: temperature before top-p, top-k before top-p', () => {
    const z = ln(0.6, 0.25, 0.1, 0.05);
    expect(kept(samplingDistribution(z, { topP: 0.6 - 1e-9 }).map(Math.log))).toEqual([0]);
    expect(kept(samplingDistribution(z, { topP: 0.6 - 1e-9, temperature: 3 }).map(Math.log))).toEqual([0, 1]);
    // Of the first two, the first has 0.6/0.85 = 0.706: enough for 0.7, which it is not of all four.
    expect(kept(samplingDistribution(z, { topP: 0.7, topK: 2 }).map(Math.log))).toEqual([0]);
    expect(kept(samplingDistribution(z, { topP: 0.7 }).map(Math.log))).toEqual([0, 1]);
    // The penalty comes first and may change which token is the largest: ln 0.6·3 < ln 0.25.
    expect(samplingDistribution(z, { temperature: 0, repetitionPenalty: 3 }, [0])[1]).toBe(1);
  });
});

describe('sampleToken', () => {
  it.each<[string, SamplingOptions]>([
    ['no options', {}],
    ['a temperature', { temperature: 1.7 }],
    ['top-k', { topK: 4 }],
    ['top-p', { topP: 0.8 }],
    ['min-p', { minP: 0.2 }],
    ['everything', { temperature: 1.4, topK: 6, topP: 0.9, minP: 0.05, repetitionPenalty: 1.3 }],
  ])('draws with the frequencies of the distribution, with %s', (_, options) => {
    const z = [0.3, -1.1, 1.9, 0, -0.4, 1.2, -2.5, 0.9];
    const expected = samplingDistribution(z, options, [2]);
    const counts = z.map(() => 0);
    const rng = new Rng(11);
    const draws = 10_000;
    for (let n = 0; n < draws; n++) counts[sampleToken(z, options, rng, [2]).token]++;
    const possible = z.map((_score, k) => k).filter((k) => expected[k] > 0);
    expect(counts.every((count, k) => count === 0 || expected[k] > 0)).toBe(true);
    const chiSquare = possible.reduce(
      (sum, k) => sum + (counts[k] - draws * expected[k]) ** 2 / (draws * expected[k]),
      0,
    );
    // Quantiles of χ² at 0.999 for 1 to 7 degrees of freedom.
    const limits = [0, 10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32];
    expect(chiSquare).toBeLessThan(limits[possible.length - 1]);
  });

  it('gives the log-probability of the model, whatever the temperature and the filters', () => {
    const z = [0.3, -1.1, 1.9];
    for (const options of [{}, { temperature: 0 }, { temperature: 9, topK: 1 }, { topP: 0.1 }]) {
      const { token, logProbability } = sampleToken(z, options, new Rng(1));
      expect(logProbability).toBeCloseTo(Math.log(p(z)[token]), 12);
    }
  });

  it('draws the same from the same seed', () => {
    const drawn = (seed: number) => {
      const rng = new Rng(seed);
      return Array.from({ length: 20 }, () => sampleToken([0, 0.2, 0.1, 0.4], {}, rng).token);
    };
    expect(drawn(4)).toEqual(drawn(4));
    expect(drawn(4)).not.toEqual(drawn(5));
  });

  it('never draws what must not come', () => {
    const rng = new Rng(3);
    const drawn = Array.from({ length: 200 }, () => sampleToken([-Infinity, 0, -Infinity, 1], {}, rng).token);
    expect(new Set(drawn)).toEqual(new Set([1, 3]));
  });

  it('refuses options that cannot be', () => {
    expect(() => sampleToken([0, 1], { topK: -1 }, new Rng(1))).toThrow(
      new ConfigError('sampleToken: topK is -1, expected an integer ≥ 1 (leave it out to keep every token).'),
    );
    expect(() => samplingDistribution([0, 1], { temperature: NaN })).toThrow('temperature is NaN');
  });

  it('refuses scores that are no numbers', () => {
    expect(() => sampleToken([0, NaN], {}, new Rng(1))).toThrow(
      new ConfigError(
        'sampleToken: logits[1] is NaN, expected finite scores. The weights or the state of the model hold NaN or Infinity.',
      ),
    );
    expect(() => sampleToken([Infinity, 0], {}, new Rng(1))).toThrow('logits[0] is Infinity');
    expect(() => sampleToken([-Infinity, -Infinity], {}, new Rng(1))).toThrow(
      new ConfigError('sampleToken: no logit is finite, expected at least one token that may come.'),
    );
  });
});
