import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './errors';
import { Rng, type RngState } from './rng';

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

describe('Rng', () => {
  it("gives the numbers of the authors' xoshiro128**, computed with their algorithm in C", () => {
    const rng = Rng.fromState([1, 2, 3, 4]);
    const golden = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(draw(10, () => rng.uint32())).toEqual(golden);
  });

  it('spreads a seed with splitmix32, also computed in C', () => {
    const rng = new Rng(42);
    expect(rng.state).toEqual([551831576, 144025891, 322543647, 3034809370]);
    expect(draw(4, () => rng.uint32())).toEqual([660444221, 3652823732, 77672526, 910233633]);
  });

  it('goes on from a saved state, also through JSON', () => {
    const rng = new Rng(7);
    rng.normal();
    const saved = JSON.parse(JSON.stringify(rng.state)) as RngState;
    const ahead = draw(20, () => rng.normal());
    expect(
      draw(
        20,
        (
          (copy) => () =>
            copy.normal()
        )(Rng.fromState(saved)),
      ),
    ).toEqual(ahead);
    rng.state = saved;
    expect(draw(20, () => rng.normal())).toEqual(ahead);
  });

  it('hands out a copy of its state', () => {
    const rng = new Rng(3);
    const before = rng.state;
    rng.uint32();
    expect(rng.state).not.toEqual(before);
    expect(before).toEqual(new Rng(3).state);
  });

  it.each([[[1, 2, 3]], [[0, 0, 0, 0]], [[1, 2, 3, -1]], [[1, 2, 3, 0.5]], ['1234'], [null]])(
    'refuses the state %j',
    (state) => {
      expect(() => Rng.fromState(state as unknown as RngState)).toThrow(
        new ConfigError(
          `Rng.state is ${JSON.stringify(state)}, expected four unsigned 32-bit integers, not all zero.`,
        ),
      );
    },
  );

  it.each([-1, 0.5, NaN, 2 ** 32])('refuses the seed %d', (seed) => {
    expect(() => new Rng(seed)).toThrow(
      new ConfigError(`Rng: seed is ${seed}, expected an integer from 0 to 4294967295.`),
    );
  });
});

describe('uniform', () => {
  it('fills [low, high) evenly', () => {
    const rng = new Rng(1);
    const counts = new Array<number>(10).fill(0);
    for (const x of draw(100_000, () => rng.uniform(-5, 5))) {
      expect(x >= -5 && x < 5).toBe(true);
      counts[Math.floor(x + 5)]++;
    }
    // 10 000 expected in each tenth, standard deviation 95
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(4 * 95);
  });

  it('uses 53 bits', () => {
    const rng = new Rng(2);
    expect(draw(100, () => rng.uniform() * 2 ** 53).every((x) => Number.isInteger(x))).toBe(true);
    expect(draw(100, () => rng.uniform() * 2 ** 52).every((x) => Number.isInteger(x))).toBe(false);
  });
});

describe('normal', () => {
  it('has the moments and the tails of the normal distribution', () => {
    const rng = new Rng(5);
    const n = 200_000;
    const x = draw(n, () => rng.normal(3, 2)).map((value) => (value - 3) / 2);
    const moment = (power: number) => x.reduce((sum, value) => sum + value ** power, 0) / n;
    // standard errors of the four moments: 1, √2, √15, √96 over √n
    expect(Math.abs(moment(1))).toBeLessThan((4 * 1) / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan((4 * Math.SQRT2) / Math.sqrt(n));
    expect(Math.abs(moment(3))).toBeLessThan((4 * Math.sqrt(15)) / Math.sqrt(n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan((4 * Math.sqrt(96)) / Math.sqrt(n));
    expect(x.filter((value) => Math.abs(value) > 1.959964).length / n).toBeCloseTo(0.05, 2);
  });

  it('has its own logarithm, equal to Math.log within rounding', () => {
    // normal() is u·√(−2 ln s / s): with the same draws, the built-in logarithm must give the same number.
    const rng = new Rng(8);
    const copy = new Rng(8);
    for (let drawn = 0; drawn < 2000; drawn++) {
      let u: number, s: number;
      do {
        u = copy.uniform(-1, 1);
        s = u * u + copy.uniform(-1, 1) ** 2;
      } while (s >= 1 || s === 0);
      const expected = u * Math.sqrt((-2 * Math.log(s)) / s);
      expect(Math.abs(rng.normal() - expected)).toBeLessThanOrEqual(4e-16 * Math.abs(expected) * 4);
    }
  });
});

describe('int', () => {
  it('is even over bounds that do not divide 2³²', () => {
    const rng = new Rng(9);
    const counts = new Array<number>(7).fill(0);
    for (let n = 0; n < 70_000; n++) counts[rng.int(7)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(4 * 93);
  });

  it('rejects the incomplete block: with bound 3·2³⁰ a quarter of the draws', () => {
    const rng = new Rng(10);
    const raw = new Rng(10);
    const bound = 3 * 2 ** 30;
    for (let n = 0; n < 1000; n++) {
      let expected: number;
      do expected = raw.uint32();
      while (expected >= bound);
      expect(rng.int(bound)).toBe(expected);
    }
  });

  it.each([0, -3, 1.5, 2 ** 32 + 1])('refuses the bound %d', (bound) => {
    expect(() => new Rng(0).int(bound)).toThrow(
      new ConfigError(`Rng.int: bound is ${bound}, expected an integer from 1 to 4294967296.`),
    );
  });
});

describe('shuffle', () => {
  it('keeps every item', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const shuffled = new Rng(seed).shuffle([...items]);
        expect(shuffled.sort((a, b) => a - b)).toEqual(items.sort((a, b) => a - b));
      }),
    );
  });

  it('gives all orders of three items equally often', () => {
    const rng = new Rng(11);
    const counts = new Map<string, number>();
    for (let n = 0; n < 12_000; n++) {
      const order = rng.shuffle([0, 1, 2]).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(4 * 41);
  });

  it('works on typed arrays, in place', () => {
    const items = Int32Array.of(5, 6, 7, 8, 9, 10);
    expect(new Rng(1).shuffle(items)).toBe(items);
    expect([...items]).not.toEqual([5, 6, 7, 8, 9, 10]);
  });
});

it('splits into generators that share no numbers', () => {
  const rng = new Rng(12);
  const [a, b] = [rng.split(), rng.split()];
  const streams = [rng, a, b].map((source) => draw(200, () => source.uint32()));
  expect(new Set(streams.flat()).size).toBe(600);
});
