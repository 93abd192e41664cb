/** Golden cases of the ONNX operators RNN, GRU and LSTM, one by one. Layouts and conventions are in `onnx-run.ts`. */
import { tensorFromJson, tensorMatchers, type TensorJson } from '@rnnlab/tensor/testing';
import { describe, expect } from 'vitest';
import { testCases, type OutsideCases } from './listed-cases';
import {
  onnxOperators,
  runOnnxCase,
  type MakeOnnxLayer,
  type OnnxAttributes,
  type OnnxOperator,
} from './onnx-run';

expect.extend(tensorMatchers);

/** `onnx/*_recurrent.json`. */
export interface OnnxFile {
  readonly cases: readonly {
    readonly name: string;
    readonly op: string;
    readonly attributes: OnnxAttributes;
    readonly inputs: Readonly<Record<string, TensorJson>>;
    readonly expected: Readonly<Record<string, TensorJson>>;
  }[];
}

/** @param op The cases of other operators belong to the tests of their packages. */
export function describeOnnxLayers(
  file: OnnxFile,
  op: OnnxOperator,
  make: MakeOnnxLayer,
  outside: OutsideCases = {},
): void {
  const tolerance = { rtol: 3e-6, atol: 3e-6 };
  describe('ONNX golden operators', () => {
    const cases = file.cases.filter((golden) => {
      if (!Object.hasOwn(onnxOperators, golden.op)) throw new Error(`Unknown operator ${golden.op}.`);
      return golden.op === op;
    });
    testCases(cases, outside, (golden) => {
      const actual = runOnnxCase(op, golden, make);
      expect(Object.keys(golden.expected).length).toBeGreaterThan(0);
      for (const [name, json] of Object.entries(golden.expected)) {
        expect(actual[name], name).toBeCloseToTensor(tensorFromJson(json, 'float64'), { ...tolerance, name });
      }
    });
  });
}
