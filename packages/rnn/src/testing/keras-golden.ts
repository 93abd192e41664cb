/** Golden cases of Keras and tfjs: outputs, states and gradients, case by case. The conventions are in `keras-run.ts`. */
import { tensorFromJson, tensorMatchers, type TensorJson } from '@rnnlab/tensor/testing';
import { describe, expect } from 'vitest';
import {
  kerasDefaults,
  readKerasConfig,
  tfjsDefaults,
  type KerasCase,
  type KerasKind,
  type KerasMerge,
} from './keras-case';
import { runKerasCase, type MakeForeignLayer } from './keras-run';
import { testCases, type OutsideCases } from './listed-cases';

expect.extend(tensorMatchers);

/** `keras/recurrent.json` and `tfjs/recurrent.json`. */
export interface KerasFile {
  readonly cases: readonly {
    readonly name: string;
    readonly layer: string;
    readonly units: number;
    readonly config: Record<string, unknown>;
    readonly bidirectionalMergeMode: string | null;
    readonly weights: TensorJson[];
    readonly input: TensorJson;
    readonly mask?: TensorJson | null;
    readonly initialState: TensorJson[] | null;
    readonly upstream: TensorJson[];
    readonly expected: {
      readonly outputs: TensorJson[];
      readonly gradWeights: TensorJson[];
      readonly gradInput: TensorJson;
      readonly gradInitialState?: TensorJson[] | null;
    };
  }[];
}

/** Keras' own golden arrays. */
export interface KerasOwnFile {
  readonly cases: readonly {
    readonly test: string;
    readonly layer: string;
    readonly config: Record<string, unknown>;
    readonly weights: TensorJson[];
    readonly input: TensorJson;
    readonly mask: TensorJson | null;
    readonly initialState: TensorJson[] | null;
    readonly callIndexOnSameLayer: number;
    readonly outputIndex: number;
    readonly batchIndex: number | null;
    readonly golden: TensorJson;
    readonly tolerance: number;
  }[];
}

const float64 = (json: TensorJson) => tensorFromJson(json, 'float64');
const kinds: Record<string, KerasKind> = {
  LSTM: 'LSTM',
  GRU: 'GRU',
  SimpleRNN: 'SimpleRNN',
  lstm: 'LSTM',
  gru: 'GRU',
  simpleRNN: 'SimpleRNN',
};

/** The cell of a layer of that name; an unknown one must not be passed over in silence. */
function kindOf(name: string): KerasKind {
  if (!Object.hasOwn(kinds, name)) throw new Error(`Unknown layer ${name}.`);
  return kinds[name];
}

/**
 * @param kind The cases of other cells belong to the tests of their packages.
 * @param program `'Keras'`: float64 to the last digits. `'tfjs'`: float32, and defaults of its own.
 */
export function describeKerasLayers(
  program: 'Keras' | 'tfjs',
  file: KerasFile,
  kind: KerasKind,
  make: MakeForeignLayer,
  outside: OutsideCases = {},
): void {
  const tolerance = program === 'Keras' ? { rtol: 1e-9, atol: 1e-11 } : { rtol: 2e-5, atol: 2e-5 };
  describe(`${program} golden layers`, () => {
    const cases = file.cases.filter(({ layer }) => kindOf(layer) === kind);
    testCases(
      cases,
      outside,
      ({ name, config, bidirectionalMergeMode, units, upstream, expected, ...golden }) => {
        const defaults = program === 'Keras' ? kerasDefaults : tfjsDefaults;
        const run = runKerasCase(
          {
            ...readKerasConfig(kind, config, defaults),
            name,
            units,
            merge: (bidirectionalMergeMode ?? undefined) as KerasMerge | undefined,
            returnSequences: expected.outputs[0].shape.length === 3,
            callsBefore: 0,
            weights: golden.weights,
            input: golden.input,
            mask: golden.mask ?? null,
            initialState: golden.initialState,
          },
          make,
        );
        expected.outputs.forEach((output, k) =>
          expect(run.outputs[k]).toBeCloseToTensor(float64(output), { ...tolerance, name: `output ${k}` }),
        );
        const back = run.backward(upstream.map(float64));
        expect(back.input).toBeCloseToTensor(float64(expected.gradInput), { ...tolerance, name: 'dinput' });
        for (const [parameter, grad] of run.named(expected.gradWeights)) {
          expect(back.parameters.get(parameter), parameter).toBeCloseToTensor(grad, {
            ...tolerance,
            name: `d${parameter}`,
          });
        }
        expected.gradInitialState?.forEach((grad, k) =>
          expect(back.initial[k]).toBeCloseToTensor(float64(grad), { ...tolerance, name: `dinitial ${k}` }),
        );
      },
    );
  });
}

/** Keras' own arrays: one output of one call, sometimes of one row. */
export function describeKerasOwnGoldens(
  file: KerasOwnFile,
  kind: KerasKind,
  make: MakeForeignLayer,
  outside: OutsideCases = {},
): void {
  describe("Keras' own golden arrays", () => {
    const cases = file.cases
      .map((golden, index) => ({ ...golden, name: `${golden.test} #${index}`, ...cellOf(golden) }))
      .filter((golden) => golden.kind === kind);
    testCases(cases, outside, ({ outputIndex, batchIndex, golden, tolerance, ...given }) => {
      const run = runKerasCase(given, make);
      const output = run.outputs[outputIndex];
      const actual = batchIndex === null ? output : output.row(batchIndex);
      expect(actual).toBeCloseToTensor(float64(golden), { rtol: tolerance, atol: tolerance, name: 'output' });
    });
  });
}

/** What a Bidirectional wraps, or the layer itself. */
function cellOf({ layer, config, callIndexOnSameLayer }: KerasOwnFile['cases'][number]) {
  const inner =
    layer === 'Bidirectional'
      ? (config.layer as { class_name: string; config: Record<string, unknown> })
      : undefined;
  const read = readKerasConfig(kindOf(inner?.class_name ?? layer), inner?.config ?? config, kerasDefaults);
  const units = (inner?.config ?? config).units as number;
  return {
    ...read,
    units,
    merge: inner ? ((config.merge_mode ?? 'none') as KerasMerge) : undefined,
    returnSequences: read.returnSequences ?? false,
    // The stateful tests of Keras reset the state after every second call.
    callsBefore: read.stateful ? callIndexOnSameLayer % 2 : 0,
  } satisfies Partial<KerasCase>;
}
