import { Adam, clipGradNorm } from '@rnnlab/optimizers';
import { updateKernels } from '@rnnlab/optimizers/kernels';
import { Rng, Tensor, wasmBackend, Workspace, type Backend } from '@rnnlab/tensor';
import { describe, expect, it, vi } from 'vitest';
import { createLanguageModel, type CellType } from './create-language-model';

const [V, T, B, H] = [29, 7, 12, 50];

/** Five steps of training with carried state: the losses, the weights and what the optimizer keeps. */
function train(backend: Backend, cell: CellType, options: object): { losses: number[]; numbers: Tensor[] } {
  const model = createLanguageModel({ cell, vocabSize: V, hiddenSize: H, seed: 3, ...options, backend });
  const kernels = updateKernels(backend);
  const optimizer = new Adam(model.parameters(), { learningRate: 0.01, kernels });
  const workspace = new Workspace(backend);
  const rng = new Rng(5);
  const random = () =>
    Tensor.from(
      Int32Array.from({ length: T * B }, () => rng.int(V)),
      { shape: [T, B] },
    );
  const losses: number[] = [];
  const state = model.zeroState(B);
  for (let step = 0; step < 5; step++) {
    workspace.run(() => {
      model.zeroGrad();
      const result = model.forward(random(), random(), { state, training: true });
      model.backward(result.cache);
      losses.push(result.loss);
      for (const name of model.recurrent.stateNames) state[name]!.copyFrom(result.state[name]!);
    });
    clipGradNorm(model.parameters(), 1, { kernels });
    optimizer.step();
  }
  const slots = [...optimizer.stateDict().slots.values()].map((data) => new Tensor(data, [data.length]));
  return { losses, numbers: [...model.parameters().map(({ value }) => value.clone()), ...slots] };
}

describe.each([
  { cell: 'rnn', options: {} },
  { cell: 'lstm', options: {} },
  { cell: 'gru', options: {} },
  { cell: 'lstm', options: { numLayers: 2, embeddingDim: 11, dropout: 0.3 } },
] as const)('training of $cell with $options', ({ cell, options }) => {
  const one = train(wasmBackend({ memoryMiB: 64 }), cell, options);

  it.each([2, 3, 5])('on %d threads is training on one, to the bit', async (threads) => {
    const backend = wasmBackend({ memoryMiB: 64, threads, workPerThread: 1 });
    await vi.waitUntil(() => backend.threadsRunning === threads, { timeout: 20_000, interval: 1 });
    const many = train(backend, cell, options);
    backend.dispose();
    expect(many.losses).toEqual(one.losses);
    many.numbers.forEach((tensor, k) => expect([...tensor.data]).toEqual([...one.numbers[k].data]));
  });
});
