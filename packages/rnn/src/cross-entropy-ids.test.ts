/** The wasm twin of the loop that training ends with, against the reference. */
import { Rng, Tensor, wasmBackend } from '@rnnlab/tensor';
import { randomTensor, tensorMatchers } from '@rnnlab/tensor/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crossEntropy, crossEntropyBackward } from './cross-entropy';
import { crossEntropyKernels } from './cross-entropy-ids';

expect.extend(tensorMatchers);

const backend = wasmBackend({ memoryMiB: 64 });
const size = fc.integer({ min: 1, max: 70 });

it('gives the same gradient in wasm as in the reference', () => {
  fc.assert(
    fc.property(size, size, fc.nat(), (rows, V, seed) => {
      const rng = new Rng(seed);
      const [p, scale] = [randomTensor([rows, V], rng), randomTensor([rows], rng)];
      const ids = Tensor.zeros([rows], 'int32');
      for (let n = 0; n < rows; n++) {
        ids.data[n] = rng.int(V);
        // Not counted: a class id that is none, and a scale of 0.
        if (rng.uniform() < 0.3) [ids.data[n], scale.data[n]] = [-100, 0];
      }
      const [expected, actual] = [randomTensor([rows, V], rng), Tensor.full([rows, V], 7)];
      crossEntropyKernels.reference.softmaxMinusOneHot(rows, V, p, ids, scale, expected);
      backend.load(crossEntropyKernels).softmaxMinusOneHot(rows, V, p, ids, scale, actual);
      // p·scale and one difference, each rounded once
      expect(actual).toBeCloseToTensor(expected, { rtol: 1e-6, atol: 1e-6, name: 'dz' });
    }),
    { numRuns: 100 },
  );
});

it('gives loss and gradient of float64 in float32 on wasm, with padding and class weights', () => {
  const [rows, V] = [7, 11];
  const logits = randomTensor([rows, V], new Rng(4), { dtype: 'float64', scale: 3 });
  const targets = Tensor.from([3, -100, 0, 10, -100, 5, 3], { dtype: 'int32' });
  const classWeights = Float64Array.from({ length: V }, (_, k) => 0.3 + 0.2 * k);
  const exact = crossEntropy(logits, targets, { classWeights });
  const fast = crossEntropy(logits.clone('float32'), targets, { classWeights, backend });
  expect(fast.loss).toBeCloseTo(exact.loss, 5);
  expect(crossEntropyBackward(fast.cache, 1.7).clone('float64')).toBeCloseToTensor(
    crossEntropyBackward(exact.cache, 1.7),
    { rtol: 1e-5, atol: 1e-6, name: 'dz' },
  );
});
