/** The public types, checked by `tsc -b`: nothing here runs. */
import { Parameter, Tensor } from '@rnnlab/tensor';
import { expectTypeOf } from 'vitest';
import {
  Adam,
  clipGradNorm,
  cosineSchedule,
  LBFGS,
  type Optimizer,
  ReduceOnPlateau,
  SGD,
  type AdamOptions,
  type Convention,
  type OptimizerParameter,
  type Schedule,
} from './index';

const plain = { value: new Float32Array(2), grad: new Float32Array(2) };
const parameter = new Parameter('weight', Tensor.zeros([2]));

// A Parameter of @rnnlab/tensor and a record of typed arrays are both parameters.
expectTypeOf(parameter).toExtend<OptimizerParameter>();
expectTypeOf(plain).toExtend<OptimizerParameter>();
new Adam([parameter, plain], { learningRate: 0.1, convention: 'keras' });
new Adam([{ parameters: [plain], beta1: 0.5 }], { epsilon: 1e-7 });
// @ts-expect-error a value without its gradient
new Adam([{ value: new Float32Array(2) }]);
// @ts-expect-error lists of numbers cannot be changed in place
new Adam([{ value: [1, 2], grad: [0, 0] }]);
// @ts-expect-error SGD has no such option
new SGD([plain], { beta1: 0.9 });
// @ts-expect-error L-BFGS has no weight decay
new LBFGS([plain], { weightDecay: 0.1 });
// @ts-expect-error whose convention?
new Adam([plain], { convention: 'jax' });

expectTypeOf<Convention>().toEqualTypeOf<'torch' | 'keras' | 'tfjs' | 'optax'>();
expectTypeOf<Adam>().toExtend<Optimizer<AdamOptions>>();
expectTypeOf<Adam['step']>().toEqualTypeOf<(closure?: () => number) => number | undefined>();
expectTypeOf(clipGradNorm([plain], 1)).toEqualTypeOf<number>();

const schedule = cosineSchedule({ learningRate: 0.1, decaySteps: 10 });
expectTypeOf(schedule).toEqualTypeOf<Schedule>();
expectTypeOf(schedule(0)).toEqualTypeOf<number>();
// @ts-expect-error how long?
cosineSchedule({ learningRate: 0.1 });
// @ts-expect-error the mode of other libraries is `maximize` here
new ReduceOnPlateau({ mode: 'max' });
