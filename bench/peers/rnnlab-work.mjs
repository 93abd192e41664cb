/** rnnlab's side of every kind of work, for Node and for a browser alike: only the built packages and the given values. */
import { GRU } from '../../packages/gru/dist/index.js';
import { LSTM } from '../../packages/lstm/dist/index.js';
import { Adam, clipGradNorm } from '../../packages/optimizers/dist/index.js';
import { updateKernels } from '../../packages/optimizers/dist/kernels/index.js';
import { generate, LanguageModel, RNN } from '../../packages/rnn/dist/index.js';
import * as tensor from '../../packages/tensor/dist/index.js';
import { Profile } from './profile.mjs';

const { matmul, Tensor, Workspace } = tensor;
const cells = { rnn: RNN, lstm: LSTM, gru: GRU };

/** Backends by the name that a workload gives. */
const backends = {
  reference: () => tensor.referenceBackend,
  wasm: ({ threads }) => tensor.wasmBackend({ threads }),
  blas: async ({ threads }) => {
    const { blasBackend } = await import('../../packages/backend-blas/dist/index.js');
    return blasBackend({ threads });
  },
};

/** The model of the workload, with the given weights. */
function modelOf({ cell, vocabSize, hiddenSize, numLayers }, given, backend) {
  const recurrent = new cells[cell]({ inputSize: vocabSize, hiddenSize, numLayers, backend });
  const model = new LanguageModel({ vocabSize, recurrent });
  for (const { name, value } of model.parameters()) value.data.set(given[name]);
  return model;
}

const kinds = {
  train(workload, given, backend, profile, plain) {
    const { seqLen, batchSize, learningRate, clipNorm, checkSteps } = workload;
    const model = modelOf(workload, given, backend);
    // Of the backend whose operations are not timed, since clipping and the optimizer are timed as a whole.
    const kernels = updateKernels(plain);
    const optimizer = new Adam(model.parameters(), { learningRate, kernels });
    const workspace = new Workspace(backend);
    const ids = Tensor.from(given.ids, { shape: [seqLen, batchSize] });
    const targets = Tensor.from(given.targets, { shape: [seqLen, batchSize] });
    const losses = [];
    const timed = (name, run) => profile?.timed(name, run) ?? run;
    const clip = timed('clipGradNorm', () => clipGradNorm(model.parameters(), clipNorm, { kernels }));
    const update = timed('Adam', () => optimizer.step());
    const step = () => {
      const loss = workspace.run(() => {
        model.zeroGrad();
        const { loss, cache } = model.forward(ids, targets);
        model.backward(cache);
        return loss;
      });
      clip();
      update();
      if (losses.length < checkSteps) losses.push(loss);
      return seqLen * batchSize;
    };
    while (losses.length < checkSteps) step();
    return {
      check: losses,
      step: profile?.whole(step) ?? step,
      profile: profile && (() => profile.shares()),
    };
  },

  async sample(workload, given, backend) {
    const model = modelOf(workload, given, backend);
    const greedy = [];
    const options = { prompt: [0], maxNewTokens: workload.checkSteps };
    for await (const { logProbability } of generate(model, { ...options, temperature: 0 })) {
      greedy.push(logProbability);
    }
    let [state, last] = [undefined, 0];
    const rng = new tensor.Rng(1);
    const step = async () => {
      let count = 0;
      for await (const drawn of generate(model, { prompt: [last], maxNewTokens: 100, state, seed: rng })) {
        ({ token: last, state } = drawn);
        count++;
      }
      return count;
    };
    return { check: greedy, step };
  },

  product({ m, k, n, transposeA }, given, backend) {
    const place = (data, shape) => {
      const placed = backend.allocate(shape, 'float32');
      placed.data.set(data);
      return placed;
    };
    const a = place(given.a, transposeA ? [k, m] : [m, k]);
    const b = place(given.b, [k, n]);
    const out = backend.allocate([m, n], 'float32');
    const step = () => {
      matmul(a, b, { transposeA, out, backend });
      return 2 * m * k * n;
    };
    step();
    return { check: [out.data[0], out.data.at(-1), out.data.reduce((sum, value) => sum + value, 0)], step };
  },
};

/** @returns what `serve` of serve.mjs runs */
export async function prepare(workload, given) {
  const plain = await backends[workload.backend](workload);
  const profile = workload.profile ? new Profile() : undefined;
  const backend = profile?.backend(plain) ?? plain;
  return { ...(await kinds[workload.kind](workload, given, backend, profile, plain)), versions: {} };
}
