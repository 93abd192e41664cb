/**
 * Reverses words: an encoder reads the letters, a decoder says them backwards, and attention tells it where to look.
 * Trained with teacher forcing, by a loop written out; measured on words that were never trained on.
 */
import { Adam, clipGradNorm } from '@rnnlab/optimizers';
import { defaultBackend, referenceBackend, Rng, Workspace } from '@rnnlab/tensor';
import { Seq2Seq } from './seq2seq';
import { randomWord, toBatch, toText, type Task } from './words';

const quick = process.argv.includes('--quick');
const backend = process.argv.includes('--reference') ? referenceBackend : defaultBackend();

const task: Task = quick
  ? { letters: 10, minLength: 2, maxLength: 5 }
  : { letters: 26, minLength: 3, maxLength: 8 };
const { steps, batchSize, hiddenSize, wanted } = quick
  ? { steps: 1000, batchSize: 32, hiddenSize: 32, wanted: 0.9 }
  : { steps: 1000, batchSize: 64, hiddenSize: 48, wanted: 0.99 };

const rng = new Rng(7);
const heldOut = Array.from({ length: 1000 }, () => randomWord(task, rng));
const never = new Set(heldOut.map(toText));
function trainingWord(): number[] {
  const word = randomWord(task, rng);
  return never.has(toText(word)) ? trainingWord() : word;
}

const model = new Seq2Seq({ vocabSize: task.letters + 1, hiddenSize, seed: 1, backend });
const parameters = model.parameters();
const optimizer = new Adam(parameters, { learningRate: 0.005 });
const workspace = new Workspace(backend); // the tensors of a step are used again by the next one

/** The share of words that come back right to the last letter. */
function accuracy(words: number[][]): number {
  const answers = model.answer(toBatch(words), task.maxLength);
  const right = answers.filter((answer, n) => toText(answer) === toText(words[n].toReversed()));
  return right.length / words.length;
}

console.log(`Words of ${task.minLength} to ${task.maxLength} letters, backend ${backend.name}.`);
const begin = performance.now();
let smoothed = Math.log(task.letters + 1); // a blind guess
for (let step = 1; step <= steps; step++) {
  const batch = toBatch(Array.from({ length: batchSize }, trainingWord));
  if (step > 0.7 * steps) optimizer.learningRate = 0.001; // small steps at the end
  optimizer.zeroGrad();
  const loss = workspace.run(() => model.lossAndGradients(batch));
  clipGradNorm(parameters, 1);
  optimizer.step();

  smoothed += 0.02 * (loss - smoothed);
  if (step % (steps / 10) === 0) {
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    const share = (100 * accuracy(heldOut.slice(0, 200))).toFixed(1);
    console.log(
      `step ${step}: ${smoothed.toFixed(4)} nats/letter, ${share} % of 200 words right, ${seconds} s`,
    );
  }
}

console.log();
for (const word of heldOut.slice(0, 5)) {
  const [answer] = model.answer(toBatch([word]), task.maxLength);
  console.log(`${toText(word).padEnd(task.maxLength)} → ${toText(answer)}`);
}
const share = accuracy(heldOut);
console.log(
  `\n${(100 * share).toFixed(1)} % of 1000 words that it was never trained on are right to the last letter.`,
);
if (!(share > wanted)) throw new Error(`${100 * share} % are right, expected more than ${100 * wanted} %.`);
