/**
 * What every runtime and every bundle has to do with the published packages: train an LSTM on ten names on its default
 * backend, save it to bytes, load it again, and let both write the same names. No file and nothing of Node.
 *
 * `run()` gives what it found; it throws when something is not as it should be.
 */
import { LSTM } from '@rnnlab/lstm';
import { Adam, clipGradNorm } from '@rnnlab/optimizers';
import { updateKernels } from '@rnnlab/optimizers/kernels';
import { generate, LanguageModel } from '@rnnlab/rnn';
import { defaultBackend, readSafetensors, Tensor, wasmBackend, writeSafetensors } from '@rnnlab/tensor';
import { CharTokenizer } from '@rnnlab/tokenizer';

const names = ['ada', 'alan', 'anita', 'barbara', 'donald', 'edsger', 'emmy', 'grace', 'hedy', 'jean'];
const tokenizer = CharTokenizer.fit(names.join('\n'), {
  unknown: 'error',
  specialTokens: { endOfLine: '\n' },
});
const { vocabSize } = tokenizer;
const longest = Math.max(...names.map((name) => name.length));

/** Ten rows of a name each, [T, 10]; −100 where a name has ended is not counted. */
function batch() {
  const ids = Tensor.zeros([longest + 1, names.length], 'int32');
  const targets = Tensor.zeros([longest + 1, names.length], 'int32');
  targets.data.fill(-100);
  for (const [b, name] of names.entries()) {
    const tokens = tokenizer.encode(`\n${name}\n`);
    for (let t = 0; t + 1 < tokens.length; t++) {
      ids.data[t * names.length + b] = tokens[t];
      targets.data[t * names.length + b] = tokens[t + 1];
    }
  }
  return { ids, targets };
}

function createModel(seed, backend) {
  const recurrent = new LSTM({ inputSize: vocabSize, hiddenSize: 24, seed, backend });
  return new LanguageModel({ vocabSize, recurrent, seed: seed + 1 });
}

/** @returns the losses of `steps` steps */
function train(model, steps) {
  const kernels = updateKernels(model.recurrent.cells[0][0].backend);
  const optimizer = new Adam(model.parameters(), { learningRate: 0.03, kernels });
  const { ids, targets } = batch();
  return Array.from({ length: steps }, () => {
    const { loss, cache } = model.forward(ids, targets);
    model.zeroGrad();
    model.backward(cache);
    clipGradNorm(model.parameters(), 5, { kernels });
    optimizer.step();
    return loss;
  });
}

async function write(model, seed) {
  let name = '';
  const options = { prompt: '\n', tokenizer, stopTokens: [0], maxNewTokens: 20, temperature: 0.5, seed };
  for await (const { text } of generate(model, options)) name += text;
  return name.trim();
}

const check = (holds, what) => {
  if (!holds) throw new Error(what);
};

export async function run() {
  const model = createModel(1);
  const losses = train(model, 150);
  const [first, last] = [losses[0], losses.at(-1)];
  check(
    first > 2 && last < 0.6,
    `the loss went from ${first} to ${last}, expected from above 2 to below 0.6`,
  );

  const bytes = writeSafetensors(model.stateDict());
  const again = createModel(7);
  again.loadStateDict(readSafetensors(bytes).tensors);
  const written = await Promise.all([1, 2, 3].map((seed) => write(model, seed)));
  const rewritten = await Promise.all([1, 2, 3].map((seed) => write(again, seed)));
  check(written.join() === rewritten.join(), `a loaded model writes ${rewritten}, the saved one ${written}`);

  // Two threads where memory can be shared, one elsewhere: the same losses to the bit.
  const backend = wasmBackend({ memoryMiB: 64, threads: 2, workPerThread: 1 });
  const { threads } = backend;
  for (let wait = 0; wait < 400 && backend.threadsRunning < threads; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  check(backend.threadsRunning === threads, `${backend.threadsRunning} of ${threads} threads are running`);
  const shared = train(createModel(1, backend), 20);
  backend.dispose();
  check(shared.join() === losses.slice(0, 20).join(), 'other losses with two threads than with one');

  return {
    backend: defaultBackend().name,
    threads,
    loss: last,
    names: written,
    checkpointBytes: bytes.length,
  };
}
