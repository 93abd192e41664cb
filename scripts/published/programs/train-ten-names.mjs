/** Train on ten names, save to a file, load, and let both models write: what `npm install @rnnlab/lstm` is for. */
import { readFileSync, writeFileSync } from 'node:fs';
import { LSTM } from '@rnnlab/lstm';
import { generate, LanguageModel } from '@rnnlab/rnn';
import { readSafetensors, Tensor, writeSafetensors } from '@rnnlab/tensor';

const names = ['ada', 'alan', 'anita', 'barbara', 'donald', 'edsger', 'emmy', 'grace', 'hedy', 'jean'];
const letters = ['\n', ...new Set(names.join(''))]; // a token id is an index into it
const encode = (text) => Int32Array.from(text, (letter) => letters.indexOf(letter));
const column = (ids) => Tensor.from(ids, { shape: [ids.length, 1], dtype: 'int32' });

function createModel(seed) {
  const recurrent = new LSTM({ inputSize: letters.length, hiddenSize: 20, seed });
  return new LanguageModel({ vocabSize: letters.length, recurrent, seed: seed + 1 });
}

const model = createModel(1);
let loss = 0;
for (let step = 0; step < 800; step++) {
  const ids = encode(`\n${names[step % names.length]}\n`);
  const result = model.forward(column(ids.slice(0, -1)), column(ids.slice(1)));
  model.zeroGrad();
  model.backward(result.cache);
  for (const { value, grad } of model.parameters()) {
    for (let k = 0; k < value.size; k++) value.data[k] -= 0.2 * grad.data[k];
  }
  loss += 0.05 * (result.loss - loss);
}
if (!(loss < 1.2)) throw new Error(`the loss is ${loss}, expected below 1.2`);

writeFileSync('names.safetensors', writeSafetensors(model.stateDict()));
const again = createModel(5);
again.loadStateDict(readSafetensors(new Uint8Array(readFileSync('names.safetensors'))).tensors);

async function write(from) {
  let text = '';
  const options = { prompt: [0], stopTokens: [0], maxNewTokens: 12, temperature: 0.7, seed: 3 };
  for await (const { token } of generate(from, options)) text += letters[token];
  return text.trim();
}
Promise.all([write(model), write(again)]).then(([one, other]) => {
  if (!one || one !== other) throw new Error(`the saved model writes "${one}", the loaded one "${other}"`);
  console.log(`${loss.toFixed(3)} nats/char; it writes ${one}`);
});
