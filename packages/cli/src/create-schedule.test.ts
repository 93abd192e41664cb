import { LinesDataset } from '@rnnlab/train';
import { expect, it } from 'vitest';
import { createSchedule, scheduleNames } from './create-schedule';
import { someNames } from './testing/small-corpus';

const dataset = new LinesDataset(someNames, { validationEvery: 10 }); // 54 training lines
// 54 lines in batches of 4, three of them a step: ⌈14/3⌉ = 5 steps an epoch, 20 in all
const settings = { lr: 0.6, epochs: 4, batch: 4, accumulate: 3, steps: undefined };

it.each([
  ['linear', [0.6, 0.3, 0.03]],
  ['cosine', [0.6, 0.3, 0.6 * ((1 + Math.cos(0.95 * Math.PI)) / 2)]],
  ['exponential', [0.6, 0.06, 0.6 * 0.01 ** 0.95]],
  ['inverse-sqrt', [0.6, 0.6 / Math.sqrt(11), 0.6 / Math.sqrt(20)]],
  ['one-cycle', [0.024, 0.3, 0.0000024]],
] as const)('%s runs to the last step of all epochs', (schedule, [first, middle, last]) => {
  const rate = createSchedule({ ...settings, schedule }, dataset)!;
  expect(rate(0)).toBeCloseTo(first, 12);
  expect(rate(19)).toBeCloseTo(last, 12);
  // one-cycle is highest at 0.3·20 − 1 and falls in the 14 steps to 19
  if (schedule === 'one-cycle') expect([rate(5), rate(12)]).toEqual([0.6, expect.closeTo(middle, 5)]);
  else expect(rate(10)).toBeCloseTo(middle, 12);
});

it('climbs first and reaches the rate behind the warm-up, whatever follows', () => {
  for (const schedule of scheduleNames) {
    if (schedule === 'one-cycle') continue;
    const rate = createSchedule({ ...settings, schedule, warmup: 5 }, dataset)!;
    const climb = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    for (const [t, expected] of climb.entries()) expect(rate(t), schedule).toBeCloseTo(expected, 12);
  }
  expect(createSchedule({ ...settings, schedule: 'linear', warmup: 5 }, dataset)!(19)).toBeCloseTo(0.04, 12);
  const oneCycle = createSchedule({ ...settings, schedule: 'one-cycle', warmup: 11 }, dataset)!;
  expect(oneCycle(10)).toBeCloseTo(0.6, 12);
});

it('takes the steps for the end where they come first, and leaves a constant rate alone', () => {
  const rate = createSchedule({ ...settings, schedule: 'linear', steps: 10 }, dataset)!;
  expect(rate(9)).toBeCloseTo(0.06, 12);
  expect(createSchedule({ ...settings, schedule: 'constant' }, dataset)).toBeUndefined();
  expect(createSchedule(settings, dataset)).toBeUndefined();
});

it('says what is missing for a curve without an end, and when the warm-up passes it', () => {
  const endless = { ...settings, epochs: undefined };
  expect(() => createSchedule({ ...endless, schedule: 'cosine' }, dataset)).toThrow(
    '--schedule cosine ends at the last step, and --minutes does not tell which that is: give --epochs or --steps too.',
  );
  expect(createSchedule({ ...endless, warmup: 3 }, dataset)!(7)).toBe(0.6);
  expect(() => createSchedule({ ...settings, warmup: 20 }, dataset)).toThrow(
    '--warmup 20 does not end before the run, which has 20 steps: give less than 20.',
  );
});
