import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { heap } from './heap';
import './testing/tokenizer-contract';

it('gives its items in order, also when pushes and pops alternate', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined })), (steps) => {
      const queue = heap<number>((a, b) => a < b);
      const sorted: number[] = [];
      for (const step of [...steps, ...steps.map(() => undefined)]) {
        if (step === undefined) expect(queue.pop()).toBe(sorted.shift());
        else {
          queue.push(step);
          sorted.push(step);
          sorted.sort((a, b) => a - b);
        }
      }
    }),
  );
});
