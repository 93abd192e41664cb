/**
 * The first weights of recurrent layers: four presets.
 *
 *   'keras'  W_ih Glorot uniform, W_hh orthogonal, biases 0            (Keras; Glorot & Bengio 2010, Saxe 2013)
 *   'torch'  everything U(−1/√H, 1/√H), biases too                     (PyTorch)
 *   'seed'   weights N(0, 1)·0.01, biases 0                            (the NumPy lab this project succeeds)
 *   'identity'  W_hh the identity in every gate's block, W_ih N(0, 1)·0.001, biases 0   (IRNN: Le, Jaitly & Hinton 2015)
 *
 * The fans are those of the whole matrix [G·H, fanIn], as Keras draws it, not of each gate's block.
 */
import {
  ConfigError,
  glorotUniform,
  identity,
  normal,
  orthogonal,
  uniformInverseSqrt,
  zeros,
} from '@rnnlab/tensor';
import type { Initializer } from '@rnnlab/tensor';

/** Name of a preset. */
export type InitialPreset = 'keras' | 'torch' | 'seed';

/** Presets of recurrent layers. */
export type RecurrentPreset = InitialPreset | 'identity';

/** All of them. */
export const recurrentPresets: readonly RecurrentPreset[] = ['keras', 'torch', 'seed', 'identity'];

/** How each kind of parameter gets its first values. */
export interface InitialWeights {
  readonly input: Initializer;
  readonly recurrent: Initializer;
  readonly bias: Initializer;
}

/** @throws ConfigError for an unknown name. */
export function initialWeights(preset: RecurrentPreset, hiddenSize: number): InitialWeights {
  switch (preset) {
    case 'keras':
      return { input: glorotUniform, recurrent: orthogonal, bias: zeros };
    case 'torch': {
      const uniform = uniformInverseSqrt(hiddenSize);
      return { input: uniform, recurrent: uniform, bias: uniform };
    }
    case 'seed':
      return { input: normal(0.01), recurrent: normal(0.01), bias: zeros };
    case 'identity':
      return { input: normal(0.001), recurrent: identity, bias: zeros };
    default:
      throw new ConfigError(
        `init is ${JSON.stringify(preset)}, expected 'keras' or 'torch' or 'seed' or 'identity'.`,
      );
  }
}
