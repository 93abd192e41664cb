import { expect, it } from 'vitest';
import { ThinnedSeries } from './thinned-series';

it('keeps points evenly spaced and never more than its limit', () => {
  const series = new ThinnedSeries<number>(8);
  for (let k = 0; k < 1000; k++) {
    series.add(k);
    expect(series.points.length).toBeLessThan(8);
  }
  const gaps = series.points.slice(1).map((point, k) => point - series.points[k]);
  expect(new Set(gaps).size).toBe(1);
  expect(series.points[0]).toBe(0);
  expect(series.points.length).toBeGreaterThanOrEqual(4);
});

it('keeps everything while there is room', () => {
  const series = new ThinnedSeries<number>(8);
  for (let k = 0; k < 7; k++) series.add(k);
  expect(series.points).toEqual([0, 1, 2, 3, 4, 5, 6]);
});
