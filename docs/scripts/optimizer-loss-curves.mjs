/** The same small character model on dinosaur names, trained by every optimizer at the best rate of its grid. */
import { readFileSync } from 'node:fs';
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  Lion,
  Momentum,
  NAdam,
  RAdam,
  RMSProp,
  SGD,
} from '@rnnlab/optimizers';
import { createLanguageModel, LinesDataset, Trainer } from '@rnnlab/train';

const contestants = [
  ['SGD', SGD, [1, 3, 10]],
  ['Momentum', Momentum, [0.1, 0.3, 1]],
  ['Adagrad', Adagrad, [0.03, 0.1, 0.3]],
  ['Adadelta', Adadelta, [3, 10, 30]],
  ['RMSProp', RMSProp, [0.003, 0.01, 0.03]],
  ['Adam', Adam, [0.01, 0.03, 0.1]],
  ['AdamW', AdamW, [0.01, 0.03, 0.1]],
  ['Adamax', Adamax, [0.01, 0.03, 0.1]],
  ['NAdam', NAdam, [0.01, 0.03, 0.1]],
  ['RAdam', RAdam, [0.01, 0.03, 0.1]],
  ['Lion', Lion, [0.001, 0.003, 0.01]],
];

const steps = 400;
const names = readFileSync(new URL('../../examples/data/dinos.txt', import.meta.url), 'utf8');

async function train(Optimizer, learningRate) {
  const dataset = new LinesDataset(names, { lowerCase: true, validationEvery: 10 });
  const { vocabSize } = dataset.tokenizer;
  const model = createLanguageModel({ cell: 'lstm', vocabSize, hiddenSize: 32, seed: 1 });
  const optimizer = new Optimizer(model.parameters(), { learningRate });
  const trainer = new Trainer({
    model,
    dataset,
    optimizer,
    batchSize: 32,
    steps,
    seed: 2,
    clipNorm: 5,
    evaluateEvery: { steps: 20 },
    restoreBest: false,
  });
  const points = [{ step: 0, loss: Math.log(vocabSize) }];
  for await (const event of trainer.run()) {
    if (event.type === 'evaluation') points.push({ step: event.step, loss: event.loss });
  }
  return points;
}

/** The best curve of every optimizer, with the rate that gave it. */
export async function lossCurves() {
  const curves = [];
  for (const [name, Optimizer, grid] of contestants) {
    let best;
    for (const learningRate of grid) {
      const points = await train(Optimizer, learningRate);
      const end = points.slice(-5).reduce((sum, { loss }) => sum + loss / 5, 0);
      if (!best || end < best.end) best = { name, learningRate, points, end };
    }
    curves.push(best);
  }
  return curves;
}
