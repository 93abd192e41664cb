/**
 * The loops of the optimizers on a backend's memory, for an optimizer's `kernels` option.
 *
 * A parameter whose value and gradient are float32 in that memory gets its slots there too and is updated by the compiled
 * loop, but for up to three elements behind the last four; any other one by the loop in TypeScript, as without kernels. Saved
 * states are the same, and fit both.
 *
 * Arithmetic of the updates is float32, four elements at a time, where the loops in TypeScript work in float64 and round once.
 * One step from the same state is within 2⁻²⁴·(2·|x| + 8·|step|) of theirs, the step being the largest of the array's;
 * Lion, the sum of squares, `scale` and `average` are theirs to the bit, but for the order of the sum. `update-kernels.test.ts`
 * measures it. Any number of threads gives the same bits.
 *
 * L-BFGS has no loop of its own: its time is the closure's.
 */
import { Tensor, type Backend } from '@rnnlab/tensor';
import { assign, average, dot } from '../blocks';
import type { FloatArray } from '../parameter';
import type { Rule, UpdateKernels } from '../rule';
import { asFloat64, loops, updateLoops, type LoopName, type Update } from './update-loops';

/** Elements of which the squares are added up by one thread. */
const BLOCK = 1024;

/**
 * The optimizers' loops as `backend` runs them. See the header of this file.
 *
 * @param backend That of the model. With one that has no memory of its own, such as the reference, nothing changes.
 *
 * @example
 * ```ts
 * import { Adam, clipGradNorm } from '@rnnlab/optimizers';
 * import { updateKernels } from '@rnnlab/optimizers/kernels';
 * import { defaultBackend, Parameter } from '@rnnlab/tensor';
 *
 * const backend = defaultBackend();
 * const w = new Parameter('w', backend.allocate([2, 3], 'float32'), backend.allocate([2, 3], 'float32'));
 * const optimizer = new Adam([w], { learningRate: 0.1, kernels: updateKernels(backend) });
 * w.grad.data.set([3, -4, 0, 0, 0, 0]);
 * console.log(clipGradNorm([w], 1, { kernels: optimizer.kernels })); // 5
 * optimizer.step();
 * console.log(w.value.data[0].toFixed(2), w.value.data[1].toFixed(2)); // -0.10 0.10
 * ```
 */
export function updateKernels(backend: Backend): UpdateKernels {
  const run = backend.load(updateLoops);
  const memory = backend.allocate([1], 'float32').data.buffer;
  // As long as a slot is in use, so is the tensor that owns its memory.
  const tensors = new WeakMap<FloatArray, Tensor>();
  let sums = backend.allocate([2], 'float32');

  const resident = (array: FloatArray): boolean => array instanceof Float32Array && array.buffer === memory;
  const tensorOf = (array: FloatArray): Tensor => {
    const known = tensors.get(array);
    if (known) return known;
    const tensor = new Tensor(array, [array.length]);
    tensors.set(array, tensor);
    return tensor;
  };

  const kernels: UpdateKernels = {
    rule(rule) {
      const name = loopNameOf(rule.update);
      if (!name) return rule;
      const [update, ...slotNames] = loops[name] as readonly [Update, ...string[]];
      const replaced: Pick<typeof rule, 'slots' | 'update'> = {
        slots(o, value) {
          const slots = Object.entries(rule.slots(o, value));
          return Object.fromEntries(slots.map(([slot, array]) => [slot, kernels.place(array, value)]));
        },
        update(x, grad, l2, keep, sign, slots, coefficients) {
          const own = slotNames.map((slot): FloatArray | undefined => slots[slot]);
          if (![x, grad, ...own].every((array) => !array || resident(array))) {
            return update(x, grad, l2, keep, sign, slots, coefficients);
          }
          const ownTensors = own.map((array) => array && tensorOf(array));
          const [value, slope, whole] = [tensorOf(x), tensorOf(grad), wholeVectors(x)];
          run[name](whole, value, slope, l2, keep, sign, ...ownTensors, ...coefficients);
          if (whole === x.length) return;
          const rest = (array: FloatArray): FloatArray => array.subarray(whole);
          const restOfSlots = Object.fromEntries(
            Object.entries(slots).map(([slot, array]) => [slot, rest(array)]),
          );
          update(rest(x), rest(grad), l2, keep, sign, restOfSlots, coefficients);
        },
      };
      return { ...rule, ...replaced };
    },

    sumOfSquares(arrays) {
      let sum = 0;
      for (const array of arrays) {
        if (!resident(array)) {
          sum += dot([array], [array]);
          continue;
        }
        const blocks = Math.ceil(array.length / BLOCK);
        if (sums.size < 2 * blocks) sums = backend.allocate([2 * blocks], 'float32');
        run.sumOfSquares(blocks, array.length, BLOCK, tensorOf(array), sums);
        const found = asFloat64(sums);
        for (let k = 0; k < blocks; k++) sum += found[k];
      }
      return sum;
    },

    scale(arrays, factor) {
      for (const array of arrays) {
        const whole = resident(array) ? wholeVectors(array) : 0;
        if (whole) run.scale(whole, tensorOf(array), factor);
        const rest = [array.subarray(whole)];
        assign(rest, rest, factor);
      }
    },

    average(a, keep, x) {
      const whole = resident(a) && resident(x) ? wholeVectors(a) : 0;
      if (whole) run.average(whole, tensorOf(a), keep, tensorOf(x));
      average(a.subarray(whole), keep, x.subarray(whole));
    },

    place(array, like) {
      if (!resident(like) || !(array instanceof Float32Array)) return array;
      const tensor = backend.allocate([array.length], 'float32');
      const data = tensor.data as Float32Array;
      data.set(array);
      tensors.set(data, tensor);
      return data;
    },
  };
  return kernels;
}

/** How many elements the compiled loops go over, four at a time; those behind are left to the loops in TypeScript. */
const wholeVectors = ({ length }: FloatArray): number => length - (length % 4);

/** By identity: a rule of somebody else's that has our type keeps its own loop. */
function loopNameOf(update: Rule<never>['update']): LoopName | undefined {
  return (Object.keys(loops) as LoopName[]).find((name) => loops[name][0] === update);
}
