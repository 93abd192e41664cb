/**
 * The loops of this package as kernels: the TypeScript of each rule, which is the specification, and its wasm twin in
 * `kernels/*.as.ts`.
 *
 *   adam(n, x, grad, l2, keep, sign, …slots, …coefficients)       and the other rules in the same way
 *   sumOfSquares(blocks, n, blockSize, a, sums)     sums[k] = Σ aᵢ² over block k, as float64: `sums` holds their bytes
 *   scale(n, a, factor)                             a ← factor·a
 *   average(n, a, keep, x)                          a ← keep·a + (1 − keep)·x
 *
 * The first n elements are meant, whole vectors, which the twins do not check: n is a multiple of four, but in sumOfSquares.
 */
import type { KernelArgument, KernelSet, Tensor } from '@rnnlab/tensor';
import { adadeltaRule } from '../adadelta';
import { adagradRule } from '../adagrad';
import { adamRule } from '../adam';
import { adamaxRule } from '../adamax';
import { assign, average, dot } from '../blocks';
import { wasm } from '../generated/kernels.wasm';
import { lionRule } from '../lion';
import { nadamRule } from '../nadam';
import type { FloatArray } from '../parameter';
import { radamRule } from '../radam';
import { rmsPropRule } from '../rmsprop';
import { rpropRule } from '../rprop';
import type { OptimizerOptions, Rule } from '../rule';
import { sgdRule } from '../sgd';

/** The loop of a rule. */
export type Update = Rule<OptimizerOptions>['update'];

/** Every loop that has a twin, with the names of the slots that it takes, in their order. */
export const loops = {
  sgd: [sgdRule.update, 'v'],
  adam: [adamRule.update, 'm', 'v', 'vMax'],
  nadam: [nadamRule.update, 'm', 'v'],
  radam: [radamRule.update, 'm', 'v'],
  adamax: [adamaxRule.update, 'm', 'u'],
  rmsProp: [rmsPropRule.update, 'v', 'a', 'b'],
  adagrad: [adagradRule.update, 's'],
  adadelta: [adadeltaRule.update, 'v', 'u'],
  lion: [lionRule.update, 'm'],
  rprop: [rpropRule.update, 'p', 'h'],
} as const satisfies Record<string, readonly [Update, ...string[]]>;

/** A key of {@link loops}. */
export type LoopName = keyof typeof loops;

type UpdateLoop = (
  n: number,
  x: Tensor,
  grad: Tensor,
  l2: number,
  keep: number,
  sign: number,
  ...slotsAndCoefficients: KernelArgument[]
) => void;

/** The first n elements. */
const dataOf = (tensor: KernelArgument, n: number): FloatArray =>
  (tensor as Tensor | undefined)?.data.subarray(0, n) as FloatArray;

/** A rule's own loop, on tensors. */
function onTensors([update, ...names]: readonly [Update, ...string[]]): UpdateLoop {
  return (n, x, grad, l2, keep, sign, ...rest) => {
    const slots = Object.fromEntries(names.map((name, k) => [name, dataOf(rest[k], n)]));
    update(dataOf(x, n), dataOf(grad, n), l2, keep, sign, slots, rest.slice(names.length) as number[]);
  };
}

const reference = {
  ...(Object.fromEntries(Object.entries(loops).map(([name, loop]) => [name, onTensors(loop)])) as Record<
    LoopName,
    UpdateLoop
  >),

  sumOfSquares(blocks: number, n: number, blockSize: number, a: Tensor, sums: Tensor): void {
    const to = asFloat64(sums);
    for (let k = 0; k < blocks; k++) {
      const block = dataOf(a, n).subarray(k * blockSize, (k + 1) * blockSize);
      to[k] = dot([block], [block]);
    }
  },

  scale(n: number, a: Tensor, factor: number): void {
    assign([dataOf(a, n)], [dataOf(a, n)], factor);
  },

  average(n: number, a: Tensor, keep: number, x: Tensor): void {
    average(dataOf(a, n), keep, dataOf(x, n));
  },
};

/** The bytes of `tensor` as float64: a backend with float32 kernels takes no tensor of them. */
export function asFloat64({ data }: Tensor): Float64Array {
  return new Float64Array(data.buffer, data.byteOffset, data.byteLength / 8);
}

/** See the header of this file. */
export const updateLoops: KernelSet<typeof reference> = { reference, wasm };
