/** One contestant of training-step.mjs: `node rnnlab-step.mjs reference|wasm HIDDEN` prints characters per second. */
import { LSTM } from '../../packages/lstm/dist/index.js';
import { Adam, clipGradNorm } from '../../packages/optimizers/dist/index.js';
import { LanguageModel } from '../../packages/rnn/dist/index.js';
import { referenceBackend, Rng, Tensor, wasmBackend, Workspace } from '../../packages/tensor/dist/index.js';

const [V, T, B] = [65, 64, 32];
const backend = process.argv[2] === 'reference' ? referenceBackend : wasmBackend();
const hiddenSize = Number(process.argv[3]);
const model = new LanguageModel({
  vocabSize: V,
  recurrent: new LSTM({ inputSize: V, hiddenSize, backend, seed: 1 }),
});
const optimizer = new Adam(model.parameters(), { learningRate: 0.002 });
const workspace = new Workspace(backend);
const rng = new Rng(1);
const random = () =>
  Tensor.from(
    Int32Array.from({ length: T * B }, () => rng.int(V)),
    { shape: [T, B] },
  );
const [ids, targets] = [random(), random()];

function step() {
  workspace.run(() => {
    model.zeroGrad();
    model.backward(model.forward(ids, targets).cache);
  });
  clipGradNorm(model.parameters(), 5);
  optimizer.step();
}

/** Steps for `milliseconds`. */
function run(milliseconds) {
  const started = performance.now();
  let steps = 0;
  while (performance.now() - started < milliseconds) {
    step();
    steps++;
  }
  return (1000 * steps * T * B) / (performance.now() - started);
}

run(1000);
console.log(run(2000));
