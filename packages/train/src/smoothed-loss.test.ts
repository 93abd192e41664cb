import { expect, it } from 'vitest';
import { bitsPerCharacter, perplexity } from './metrics';
import { SmoothedLoss } from './smoothed-loss';

it('is a weighted mean of the losses seen, from the first one on', () => {
  const smoothed = new SmoothedLoss(0.9);
  expect(smoothed.value).toBeNaN();
  expect(smoothed.add(3)).toBeCloseTo(3, 12);
  expect(smoothed.add(5)).toBeCloseTo((0.9 * 3 + 5) / 1.9, 12);
  expect(smoothed.add(1)).toBeCloseTo((0.81 * 3 + 0.9 * 5 + 1) / (0.81 + 0.9 + 1), 12);
});

it('goes on from its state to the bit', () => {
  const [a, b] = [new SmoothedLoss(0.7), new SmoothedLoss(0.7)];
  a.add(2.5);
  b.state = JSON.parse(JSON.stringify(a.state)) as typeof a.state;
  expect(b.add(0.1)).toBe(a.add(0.1));
});

it('refuses a beta that would never forget', () => {
  expect(() => new SmoothedLoss(1)).toThrow('SmoothedLoss: beta is 1, expected a number from 0 to below 1.');
});

it('converts nats per token', () => {
  expect(perplexity(Math.log(27))).toBeCloseTo(27, 10);
  expect(bitsPerCharacter(Math.LN2)).toBe(1);
  expect(bitsPerCharacter(Math.LN2, 0.25)).toBe(0.25); // four characters a token
});
