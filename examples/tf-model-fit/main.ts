/** Dinosaur names with `model.fit` of TensorFlow.js; then the weights go over to rnnlab, which must score the same. */
import { readFileSync } from 'node:fs';
import { fitWithModel, loadTensorFlow, TFCharRNN } from '@rnnlab/tf-compare';
import { evaluate, LinesDataset } from '@rnnlab/train';

const quick = process.argv.includes('--quick');

const names = readFileSync(new URL('../data/dinos.txt', import.meta.url), 'utf8').split('\n');
const dataset = new LinesDataset(quick ? names.slice(0, 300) : names, {
  lowerCase: true,
  validationEvery: 10,
});
const { tokenizer, sampling } = dataset;

const { tf, engine, version } = await loadTensorFlow();
console.log(`TensorFlow.js ${version}, engine ${engine}`);

const model = new TFCharRNN(tf, {
  cell: 'lstm',
  vocabSize: tokenizer.vocabSize,
  hiddenSize: quick ? 24 : 50,
  seed: 1,
});
const optimizer = tf.train.adam(0.01);
const { validationLoss = [] } = await fitWithModel(model, dataset, {
  optimizer,
  epochs: quick ? 4 : 8,
  batchSize: 16,
  validate: true,
  callbacks: {
    onEpochEnd: async (epoch, logs) => {
      console.log(
        `epoch ${epoch + 1}: training ${logs?.loss.toFixed(3)}, validation ${logs?.val_loss.toFixed(3)}`,
      );
    },
  },
});

console.log('Five names from TensorFlow:');
for (let seed = 1; seed <= 5; seed++) {
  let name = '';
  const options = { ...sampling, tokenizer, temperature: 0.8, maxNewTokens: 30, seed };
  for await (const { text } of model.generate(options)) name += text;
  console.log(`  ${name.trim()}`);
}

// Keras averages the loss over batches, rnnlab over characters: the same network, two means of it.
const { loss } = await evaluate(model.toLanguageModel(), dataset);
console.log(`The same weights in rnnlab: ${loss.toFixed(3)} nats per character on the validation part`);
const wanted = quick ? 2.6 : 1.75;
if (!(loss < wanted)) throw new Error(`The loss is ${loss.toFixed(3)}, expected below ${wanted}.`);
if (!(Math.abs(loss - validationLoss.at(-1)!) < 0.05)) {
  throw new Error(`rnnlab scores ${loss.toFixed(3)} and TensorFlow ${validationLoss.at(-1)!.toFixed(3)}.`);
}
optimizer.dispose();
model.dispose();
