/** Whole training steps equal the reference's: losses, and every weight afterwards. */
import { Adam, clipGradNorm } from '@rnnlab/optimizers';
import { referenceBackend, Rng, Tensor, Workspace, type Backend } from '@rnnlab/tensor';
import { tensorMatchers } from '@rnnlab/tensor/testing';
import { createLanguageModel, type CellType } from '@rnnlab/train';
import { describe, expect, it } from 'vitest';
import { blasBackend } from './blas-backend';
import { hasBlas, systemBlas } from './testing/system-blas';

expect.extend(tensorMatchers);

interface Size {
  cell: CellType;
  batchSize: number;
  hiddenSize: number;
  embeddingDim?: number;
  threads?: number;
}

/** Three steps on fixed random text. */
function train({ batchSize, threads: _, ...sizes }: Size, backend: Backend) {
  const [vocabSize, seqLen] = [11, 6];
  const model = createLanguageModel({ ...sizes, vocabSize, numLayers: 2, seed: 3, backend });
  const optimizer = new Adam(model.parameters(), { learningRate: 0.01 });
  const workspace = new Workspace(backend);
  const rng = new Rng(4);
  const losses = Array.from({ length: 3 }, () => {
    const [ids, targets] = [0, 1].map(() => {
      const data = Int32Array.from({ length: seqLen * batchSize }, () => rng.int(vocabSize));
      return new Tensor(data, [seqLen, batchSize]);
    });
    const loss = workspace.run(() => {
      model.zeroGrad();
      const pass = model.forward(ids, targets);
      model.backward(pass.cache);
      return pass.loss;
    });
    clipGradNorm(model.parameters(), 1);
    optimizer.step();
    return loss!;
  });
  const weights = [...model.stateDict()].map(([name, tensor]) => [name, tensor.clone()] as const);
  workspace.dispose();
  return { losses, weights };
}

describe.runIf(hasBlas)('three training steps equal the reference', () => {
  // 1 and 3 rows are multiplied row by row or packed by nobody, 37 in one call; H 150 makes large products.
  it.each<Size>([
    { cell: 'lstm', batchSize: 37, hiddenSize: 19 },
    { cell: 'gru', batchSize: 9, hiddenSize: 23, embeddingDim: 5 },
    { cell: 'rnn', batchSize: 3, hiddenSize: 17 },
    { cell: 'lstm', batchSize: 3, hiddenSize: 150 },
    { cell: 'gru', batchSize: 1, hiddenSize: 13 },
    { cell: 'lstm', batchSize: 33, hiddenSize: 70, threads: 2 },
  ])('$cell of $hiddenSize units, $batchSize rows', (size) => {
    const { threads } = size;
    const backend = threads
      ? blasBackend({ library: systemBlas.library, threads, memoryMiB: 64 })
      : systemBlas;
    const [expected, actual] = [train(size, referenceBackend), train(size, backend)];
    for (const [step, loss] of expected.losses.entries()) expect(actual.losses[step]).toBeCloseTo(loss, 4);
    expect(actual.weights.map(([name]) => name)).toEqual(expected.weights.map(([name]) => name));
    for (const [k, [name, tensor]] of expected.weights.entries()) {
      expect(actual.weights[k][1]).toBeCloseToTensor(tensor, { rtol: 1e-4, atol: 1e-4, name });
    }
  });
});
