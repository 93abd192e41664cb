import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { clipEachGradNorm, clipGradNorm, clipGradValue } from './clipping';
import { expectClose, readGolden, type GoldenTensors } from './golden-fixtures';

interface ClippingCase {
  name: string;
  kind: 'norm' | 'value';
  maxNorm: number;
  normType: number | 'inf';
  clipValue: number;
  grads: GoldenTensors;
  expected: { totalNorm?: number; grads: GoldenTensors };
}

const record = (...grad: number[]) => ({
  value: new Float64Array(grad.length),
  grad: Float64Array.from(grad),
});

const normOf = (grads: Iterable<ArrayLike<number>>, p: number): number => {
  const sizes = Array.from(grads, (grad) => Array.from(grad, Math.abs)).flat();
  const max = Math.max(0, ...sizes);
  // Of the shares, as powers of 1e-161 would lose their digits among the denormals.
  if (p === Infinity || max === 0) return max;
  return max * sizes.reduce((sum, size) => sum + (size / max) ** p, 0) ** (1 / p);
};

describe('golden clipping of PyTorch', () => {
  it.each(readGolden<ClippingCase>('optimizers/clipping_torch.json').cases)('$name', (c) => {
    const parameters = Object.entries(c.grads).map(([name, { data }]) => ({
      name,
      ...record(...(data as number[])),
    }));
    if (c.kind === 'norm') {
      const normType = c.normType === 'inf' ? Infinity : c.normType;
      const norm = clipGradNorm(parameters, c.maxNorm, { normType });
      expectClose('norm', [norm], [c.expected.totalNorm!], 1e-11, 1e-9);
    } else {
      expect(c.kind).toBe('value');
      clipGradValue(parameters, c.clipValue);
    }
    for (const { name, grad } of parameters)
      expectClose(name, grad, c.expected.grads[name].data, 1e-11, 1e-9);
  });
});

describe('clipGradNorm', () => {
  it('takes any p', () => {
    expect(clipGradNorm([record(3), record(-4)], 100, { normType: 1 })).toBe(7);
    expect(clipGradNorm([record(3), record(-4)], 100, { normType: 3 })).toBeCloseTo(91 ** (1 / 3), 12);
    expect(clipGradNorm([record(3), record(-4)], 100, { normType: Infinity })).toBe(4);
  });

  it('neither overflows nor underflows', () => {
    expect(clipGradNorm([record(3e200, 4e200)], 1)).toBeCloseTo(5e200, -190);
    expect(clipGradNorm([record(3e-200, 4e-200)], 1) / 5e-200).toBeCloseTo(1, 12);
    const p = { value: new Float32Array(2), grad: Float32Array.of(3e38, 3e38) };
    expect(clipGradNorm([p], 1) / (3e38 * Math.SQRT2)).toBeCloseTo(1, 6);
    expect(p.grad[0]).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it.each([NaN, Infinity, -Infinity])('reports %s and leaves every gradient as it was', (bad) => {
    const [a, b] = [record(1, bad), record(5)];
    expect(Number.isFinite(clipGradNorm([a, b], 1))).toBe(false);
    expect([...a.grad, ...b.grad]).toEqual([1, bad, 5]);
    expect(() => clipGradNorm([a, b], 1, { errorIfNonFinite: true })).toThrow(
      /^clipGradNorm: the gradient norm is (NaN|Infinity)\. Skip the step, lower the learning rate/,
    );
  });

  it('refuses impossible options', () => {
    expect(() => clipGradNorm([record(1)], -1)).toThrow(
      'clipGradNorm: maxNorm is -1, expected a number ≥ 0.',
    );
    expect(() => clipGradNorm([record(1)], 1, { normType: 0 })).toThrow(
      'clipGradNorm: normType is 0, expected a number > 0.',
    );
    expect(() => clipGradValue([record(1)], NaN)).toThrow(
      'clipGradValue: limit is NaN, expected a number ≥ 0.',
    );
  });

  const gradient = fc.float64Array({ min: -1e300, max: 1e300, noNaN: true, minLength: 1, maxLength: 5 });
  it('never raises a norm, keeps the direction and stays below the maximum', () => {
    const p = fc.constantFrom(1, 1.5, 2, 3, Infinity);
    const small = fc.float64Array({ min: -1e3, max: 1e3, noNaN: true, minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(small, { minLength: 1 }),
        p,
        fc.double({ min: 0, max: 100, noNaN: true }),
        (grads, p, maxNorm) => {
          const parameters = grads.map((grad) => record(...grad));
          const before = clipGradNorm(parameters, maxNorm, { normType: p });
          const after = normOf(
            parameters.map(({ grad }) => grad),
            p,
          );
          expect(before).toBeCloseTo(normOf(grads, p), 6);
          expect(after).toBeLessThanOrEqual(before * (1 + 1e-12));
          expect(after).toBeLessThanOrEqual(maxNorm * (1 + 1e-12) + 1e-300);
          for (const [k, grad] of grads.entries()) {
            for (const [i, g] of grad.entries())
              expect(Math.abs(parameters[k].grad[i])).toBeLessThanOrEqual(Math.abs(g));
          }
        },
      ),
    );
  });

  it('never raises an element, for any size and type', () => {
    fc.assert(
      fc.property(
        gradient,
        fc.double({ min: 0, max: 1e300, noNaN: true }),
        fc.boolean(),
        (grad, maxNorm, single) => {
          const Type = single ? Float32Array : Float64Array;
          const p = {
            value: new Type(grad.length),
            grad: Type.from(grad.map((g) => (single ? g * 1e-263 : g))),
          };
          const before = p.grad.slice();
          clipGradNorm([p], maxNorm);
          for (const [i, g] of before.entries()) expect(Math.abs(p.grad[i])).toBeLessThanOrEqual(Math.abs(g));
        },
      ),
    );
  });
});

describe('clipEachGradNorm', () => {
  it('clips each by its own norm and names the norms', () => {
    const [a, b] = [{ name: 'a', ...record(3, 4) }, record(0.5)];
    expect(clipEachGradNorm([a, b], 1, { epsilon: 0 })).toEqual(new Map([['a', 5], ['1', 0.5]])); // biome-ignore format: a table
    expect([...a.grad, ...b.grad]).toEqual([3 / 5, 4 / 5, 0.5].map((x) => expect.closeTo(x, 12)));
  });

  it('leaves only the bad one alone', () => {
    const [a, b] = [record(3, NaN), record(10)];
    const norms = clipEachGradNorm([a, b], 1, { epsilon: 0 });
    expect([...norms.values()]).toEqual([NaN, 10]);
    expect([...a.grad, ...b.grad]).toEqual([3, NaN, 1]);
  });
});

describe('clipGradValue', () => {
  it('limits every element and returns the largest before', () => {
    const p = record(-3, 0.5, 2);
    expect(clipGradValue([p], 1)).toBe(3);
    expect([...p.grad]).toEqual([-1, 0.5, 1]);
  });

  it('does not turn NaN into a number, and limits infinities', () => {
    const p = record(NaN, -Infinity);
    expect(clipGradValue([p], 1)).toBeNaN();
    expect([...p.grad]).toEqual([NaN, -1]);
  });
});
