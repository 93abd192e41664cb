/** The part of the contract that is about misuse: every refusal by its whole text. */
import { Tensor } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import type { RecurrentOptions } from '../recurrent-options';
import { B, H, I, mask, T, type MakeRecurrentLayer } from './recurrent-set-up';

/** The message of what `run` throws. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

const zeros = (...shape: number[]) => Tensor.zeros(shape);

/** What `forward`, `backward` and the constructor refuse, and what they say. */
export function describeRefusals(make: MakeRecurrentLayer): void {
  const layer = make({ inputSize: I, hiddenSize: H });
  const where = layer.constructor.name;
  const { outputSize, hiddenSize } = layer.cells[0][0];
  const input = zeros(T, B, I);
  const withOptions = (options: Partial<RecurrentOptions>) => () =>
    make({ inputSize: I, hiddenSize: H, ...options });
  const withLengths = (lengths: number[]) => () => layer.forward(input, undefined, { lengths });
  const withMask = (shape: Tensor) => () => layer.forward(input, undefined, { mask: shape });
  const back = (upstream: object) => () => layer.backward(layer.forward(input).cache, upstream);
  const sizeOfH = outputSize === hiddenSize ? `hiddenSize=${hiddenSize}` : `projectionSize=${outputSize}`;

  describe('refuses what does not fit, naming what came, what was expected and the remedy', () => {
    it.each<[string, () => unknown]>([
      [
        'forward: input has shape [5, 4], expected [seqLen, batchSize, inputSize=4]. Add the batch axis with reshape, or pass token ids as an int32 tensor.',
        () => layer.forward(zeros(5, 4)),
      ],
      [
        'forward: input has shape [5, 3, 7], expected [seqLen, batchSize, inputSize=4].',
        () => layer.forward(zeros(5, 3, 7)),
      ],
      [
        'forward: input has shape [5, 4, 3], expected [seqLen, batchSize, inputSize=4]. The features belong on the last axis.',
        () => layer.forward(zeros(5, 4, 3)),
      ],
      [
        'forward: input has shape [0, 3, 4], expected at least one step and one row.',
        () => layer.forward(zeros(0, 3, 4)),
      ],
      [
        "forward: input is float64, expected float32 like the weights. Convert it with clone('float32').",
        () => layer.forward(input.clone('float64')),
      ],
      [
        'forward: input holds the token id 4, expected 0 to inputSize−1 = 3.',
        () => layer.forward(Tensor.full([2, 3], 4, 'int32')),
      ],
      [
        'forward: input has shape [2, 3, 4], expected [seqLen, batchSize]. An int32 input holds token ids.',
        () => layer.forward(Tensor.zeros([2, 3, 4], 'int32')),
      ],
      [
        `forward: initial state h has shape [1, 5, ${outputSize}], expected [numLayers·directions=1, batchSize=3, ${sizeOfH}]. Did you mean batchFirst: true?`,
        () => layer.forward(input, layer.zeroState(5)),
      ],
      [
        `forward: initial state h has shape [1, 2, ${outputSize}], expected [numLayers·directions=1, batchSize=3, ${sizeOfH}].`,
        () => layer.forward(input, layer.zeroState(2)),
      ],
      [
        `forward: initial state has no h, expected ${layer.stateNames.join(' and ')}.`,
        () => layer.forward(input, {} as ReturnType<typeof layer.zeroState>),
      ],
      ['forward: lengths[1] is 6, expected an integer from 1 to seqLen=5.', withLengths([5, 6, 1])],
      ['forward: lengths[2] is 0, expected an integer from 1 to seqLen=5.', withLengths([5, 4, 0])],
      ['forward: lengths has 2 entries, expected batchSize=3.', withLengths([5, 1])],
      [
        'forward: lengths has 5 entries, expected batchSize=3. Did you mean batchFirst: true?',
        withLengths([1, 2, 3, 4, 5]),
      ],
      ['forward: mask has shape [4, 3], expected [seqLen=5, batchSize=3].', withMask(zeros(4, 3))],
      [
        'forward: mask has shape [3, 5], expected [seqLen=5, batchSize=3]. The axes look swapped.',
        withMask(zeros(3, 5)),
      ],
      [
        'forward: lengths and mask say the same thing twice, expected one of them.',
        () => layer.forward(input, undefined, { lengths: [1, 2, 3], mask }),
      ],
      [
        `backward: upstream output has shape [5, 3, 4], expected [seqLen=5, batchSize=3, outputSize=${outputSize}].`,
        back({ output: zeros(5, 3, 4) }),
      ],
      [
        "backward: upstream output is float64, expected float32 like the weights. Convert it with clone('float32').",
        back({ output: Tensor.zeros([5, 3, outputSize], 'float64') }),
      ],
      [
        `backward: upstream state h has shape [2, 3, ${outputSize}], expected [numLayers·directions=1, batchSize=3, ${sizeOfH}].`,
        back({ state: { h: zeros(2, 3, outputSize) } }),
      ],
      [
        'step: x has shape [5, 3, 4], expected [batchSize, inputSize=4].',
        () => layer.step(input, layer.zeroState(B)),
      ],
      [
        "step: x is float64, expected float32 like the weights. Convert it with clone('float32').",
        () => layer.step(Tensor.zeros([B, I], 'float64'), layer.zeroState(B)),
      ],
      [
        'step: x has shape [3, 4], expected [batchSize].',
        () => layer.step(Tensor.zeros([B, I], 'int32'), layer.zeroState(B)),
      ],
      [
        'step: x holds the token id -1, expected 0 to inputSize−1 = 3.',
        () => layer.step(Tensor.from([0, -1, 2], { dtype: 'int32' }), layer.zeroState(B)),
      ],
      [
        `step: state h has shape [1, 5, ${outputSize}], expected [numLayers·directions=1, batchSize=3, ${sizeOfH}].`,
        () => layer.step(zeros(B, I), layer.zeroState(5)),
      ],
      [
        `step: state has no h, expected ${layer.stateNames.join(' and ')}.`,
        () => layer.step(zeros(B, I), {} as ReturnType<typeof layer.zeroState>),
      ],
      [
        'step: the layer is bidirectional and needs the whole sequence. Use forward.',
        () => {
          const both = withOptions({ bidirectional: true })();
          both.step(zeros(B, I), both.zeroState(B));
        },
      ],
    ])('%s', (message, run) => expect(messageOf(run)).toBe(`${where}.${message}`));

    it.each<[string, () => unknown]>([
      ['inputSize is 0, expected an integer ≥ 1.', withOptions({ inputSize: 0 })],
      ['hiddenSize is 2.5, expected an integer ≥ 1.', withOptions({ hiddenSize: 2.5 })],
      ['numLayers is -1, expected an integer ≥ 1.', withOptions({ numLayers: -1 })],
      [
        'dropout acts between layers and numLayers is 1, so it would do nothing. Use numLayers ≥ 2 or leave dropout out.',
        withOptions({ dropout: 0.1 }),
      ],
      ['dropout is 1, expected a probability from 0 to below 1.', withOptions({ numLayers: 2, dropout: 1 })],
      [
        'recurrentDropout is -0.5, expected a probability from 0 to below 1.',
        withOptions({ recurrentDropout: -0.5 }),
      ],
      ['zoneout is 1, expected a probability from 0 to below 1.', withOptions({ zoneout: 1 })],
      ['zoneout.h is 2, expected a probability from 0 to below 1.', withOptions({ zoneout: { h: 2 } })],
      [
        'reverse is for a single direction; bidirectional: true has the reverse one already.',
        withOptions({ bidirectional: true, reverse: true }),
      ],
      ['recurrentBias: true needs bias: true.', withOptions({ bias: false, recurrentBias: true })],
      [
        `merge is "ave", expected 'concat' or 'sum' or 'mean' or 'product'.`,
        withOptions({ bidirectional: true, merge: 'ave' as 'mean' }),
      ],
      [
        `dtype is "float16", expected 'float32' or 'float64'.`,
        withOptions({ dtype: 'float16' as 'float32' }),
      ],
      [
        `init is "zeros", expected 'keras' or 'torch' or 'seed' or 'identity'.`,
        withOptions({ init: 'zeros' as 'seed' }),
      ],
    ])('%s', (message, run) => expect(messageOf(run)).toBe(`${where}: ${message}`));
  });
}
