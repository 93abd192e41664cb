import { bytes, integer } from './format';
import type { Comparison } from './comparison';

/** What came out, a sentence a line. */
export function comparisonSummary({
  forward,
  gradients,
  training,
  samples,
  speed,
  settings,
}: Comparison): string[] {
  const { steps, largestLossDifference, distance } = training;
  const same = samples.rnnlab.filter((text, k) => text === samples.tensorflow[k]).length;
  const [times, word]: [number, string] =
    speed.ratio >= 1 ? [speed.ratio, 'faster'] : [1 / speed.ratio, 'slower'];
  const last = steps[steps.length - 1].loss;
  return [
    `From the same weights no gate, state or score differs by more than ${power(forward.largest.relative)}, and no gradient by more than ${power(gradients.largest.relative)}, relative to the largest number of its tensor; float32 rounds at 6e-8.`,
    `After ${integer(steps.length)} steps of ${settings.optimizer} on the same batches the losses are ${last.rnnlab.toFixed(4)} here and ${last.tensorflow.toFixed(4)} there; they were never further apart than ${power(largestLossDifference)} of their size, and the weights ended ${power(distance)} apart.`,
    `At the same seed ${same} of ${samples.rnnlab.length} samples are the same to the letter.`,
    `A training step takes ${milliseconds(speed.rnnlab.millisecondsPerStep)} here and ${milliseconds(speed.tensorflow.millisecondsPerStep)} there: rnnlab is ${times.toFixed(1)} times ${word}. At the peak of a step there are ${bytes(speed.rnnlab.bytes)} of numbers here and ${bytes(speed.tensorflow.bytes)} there.`,
  ];
}

/** 0.00000012 → `1.2e-7` */
export function power(x: number): string {
  return x === 0 ? '0' : x.toExponential(1);
}

/** 0.123 → `0.12 ms` */
export function milliseconds(ms: number): string {
  return `${ms >= 100 ? integer(ms) : ms.toPrecision(2)} ms`;
}
