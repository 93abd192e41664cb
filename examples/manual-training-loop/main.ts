/**
 * A language model trained by hand: the loop that every larger program hides.
 *
 * It reads dinosaur names one at a time and learns which letter comes next. Then it makes up names of its own.
 */
import { readFileSync } from 'node:fs';
import { LSTM } from '@rnnlab/lstm';
import { Adam, clipGradNorm } from '@rnnlab/optimizers';
import { generate, LanguageModel } from '@rnnlab/rnn';
import { Rng, Tensor } from '@rnnlab/tensor';
import { CharTokenizer } from '@rnnlab/tokenizer';

const steps = process.argv.includes('--quick') ? 2_000 : 10_000;

// Text, and its 27 characters as numbers: the line break is 0, a is 1, b is 2, …
const text = readFileSync(new URL('../data/dinos.txt', import.meta.url), 'utf8').toLowerCase();
const names = text.trim().split('\n');
const tokenizer = CharTokenizer.fit(text, { unknown: 'error', specialTokens: { endOfLine: '\n' } });
const { vocabSize } = tokenizer;

// The model: 50 LSTM units read a character, a linear layer scores each character that may follow it.
const recurrent = new LSTM({ inputSize: vocabSize, hiddenSize: 50, seed: 1 });
const model = new LanguageModel({ vocabSize, recurrent, seed: 2 });
const optimizer = new Adam(model.parameters(), { learningRate: 0.003 });

const column = (ids: Int32Array) => Tensor.from(ids, { shape: [ids.length, 1], dtype: 'int32' });
const rng = new Rng(3);
let smoothed = Math.log(vocabSize); // the loss of a blind guess: 3.296 nats a character

for (let step = 1; step <= steps; step++) {
  const name = names[rng.int(names.length)];
  const ids = tokenizer.encode(`\n${name}\n`);
  const x = column(ids.slice(0, -1)); // ⏎ r e x
  const y = column(ids.slice(1)); //     r e x ⏎

  const { loss, cache } = model.forward(x, y); // how badly was every next character predicted?
  model.zeroGrad();
  model.backward(cache); //                       which way does each weight push that number?
  clipGradNorm(model.parameters(), 5); //         no single name may throw the weights far off
  optimizer.step(); //                            a small step the other way

  smoothed += 0.002 * (loss - smoothed);
  if (step % 1_000 === 0) console.log(`step ${step}: ${smoothed.toFixed(3)} nats/char`);
}

console.log('\nNames that the model made up:');
for (let seed = 0; seed < 10; seed++) {
  let name = '';
  const letters = generate(model, { prompt: '\n', tokenizer, stopTokens: [0], temperature: 0.8, seed });
  for await (const { text } of letters) name += text;
  console.log(`  ${name.trim()}`);
}

const wanted = process.argv.includes('--quick') ? 2.2 : 1.8;
if (!(smoothed < wanted)) throw new Error(`The loss is ${smoothed.toFixed(3)}, expected below ${wanted}.`);
