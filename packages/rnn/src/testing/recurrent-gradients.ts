/**
 * Gradients of recurrent layers against central differences, with random upstream gradients on every output and state:
 * one report for a test, and the list of configurations that a cell is checked in.
 */
import { Tensor } from '@rnnlab/tensor';
import { expectGradients, gradCheck, type GradCheckRow } from '@rnnlab/tensor/testing';
import { describe, it } from 'vitest';
import type { ForwardOptions } from '../recurrent-layer';
import type { RecurrentOptions } from '../recurrent-options';
import {
  lengths,
  mapState,
  mask,
  setUp,
  type ContractOptions,
  type MakeRecurrentLayer,
} from './recurrent-set-up';

/** Numerical against hand-derived gradients of every parameter, of x and of the initial states. */
export function recurrentGradients(
  make: MakeRecurrentLayer,
  options: Partial<RecurrentOptions>,
  scale: number,
  { step, ...run }: ForwardOptions & ContractOptions = {},
): GradCheckRow[] {
  const { layer, input, initial, random, randomState } = setUp(make, options, scale);
  const masks = layer.rng.state;
  const forward = () => {
    layer.rng.state = masks; // the same dropout masks every time
    return layer.forward(input, initial, run);
  };
  const upstream = { output: random(forward().output.shape), state: randomState() };
  const dInput = Tensor.zeros(input.shape, 'float64');
  const dInitial = mapState(initial, (x) => Tensor.zeros(x.shape, 'float64'));
  return gradCheck({
    step,
    loss: () => {
      const { output, state } = forward();
      let loss = dot(output, upstream.output);
      for (const name of layer.stateNames) loss += dot(state[name]!, upstream.state[name]!);
      return loss;
    },
    backward: () => {
      layer.zeroGrad();
      const back = layer.backward(forward().cache, upstream);
      dInput.copyFrom(back.input!);
      for (const name of layer.stateNames) dInitial[name]!.copyFrom(back.state[name]!);
    },
    parameters: [
      ...layer.parameters(),
      { name: 'x', value: input, grad: dInput },
      ...layer.stateNames.map((name) => ({ name: `${name}0`, value: initial[name]!, grad: dInitial[name]! })),
    ],
  });
}

function dot(a: Tensor, b: Tensor): number {
  let sum = 0;
  for (let k = 0; k < a.size; k++) sum += a.data[k] * b.data[k];
  return sum;
}

interface Configuration {
  readonly options: Partial<RecurrentOptions>;
  readonly run?: ForwardOptions;
}

const scales = [0.01, 0.5, 1, 2];
const both = { bidirectional: true } as const;
const deep = { numLayers: 2, bidirectional: true } as const;

/** By what they are called; each at weight scale 0.5. */
const configurations: Record<string, Configuration> = {
  'no bias': { options: { bias: false } },
  'two layers, both directions, lengths': { options: deep, run: { lengths } },
  'both directions, a mask with holes': { options: both, run: { mask } },
  'reverse only, lengths': { options: { reverse: true }, run: { lengths } },
  'directions merged by sum': { options: { ...both, merge: 'sum' } },
  'directions merged by mean': { options: { ...both, merge: 'mean' } },
  'directions merged by product': { options: { ...both, merge: 'product' } },
  batchFirst: { options: { batchFirst: true }, run: { lengths } },
  'dropout with fixed masks': { options: { numLayers: 2, dropout: 0.4 }, run: { training: true } },
  'recurrent dropout with fixed masks': { options: { recurrentDropout: 0.4 }, run: { training: true } },
  'zoneout with fixed masks': { options: { zoneout: { h: 0.3, c: 0.4 } }, run: { training: true } },
  'zoneout with fixed masks, both directions, lengths': {
    options: { ...both, zoneout: 0.3 },
    run: { training: true, lengths },
  },
  'zoneout at inference': { options: { zoneout: { h: 0.3, c: 0.4 } } },
  'everything random at once': {
    options: { ...deep, dropout: 0.2, recurrentDropout: 0.3, zoneout: 0.2 },
    run: { training: true, lengths },
  },
};

/** The part of the contract that is about gradients. */
export function describeGradients(make: MakeRecurrentLayer, contract: ContractOptions): void {
  const check = ({ options, run }: Configuration, scale: number) =>
    expectGradients(recurrentGradients(make, options, scale, { ...contract, ...run }), 1e-6);
  describe('gradients equal central differences', () => {
    it.each(scales)('one layer, weight scale %s', (scale) => check({ options: {} }, scale));
    it.each(scales)('two biases, weight scale %s', (scale) =>
      check({ options: { recurrentBias: true } }, scale),
    );
    it.each(Object.entries(configurations))('%s', (_, configuration) => check(configuration, 0.5));
  });
}
