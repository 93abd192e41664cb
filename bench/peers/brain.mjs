/**
 * brain.js' character LSTM. It trains one sequence at a time and draws its first weights itself with Math.random, so its
 * losses cannot be compared; its cell keeps no separate cell state, so a character is less work than for the others.
 * See serve.mjs.
 */
import { createRequire } from 'node:module';
import { serve } from './serve.mjs';

const require = createRequire(import.meta.url);
const note = 'other cell (no separate cell state), first weights of its own, one sequence at a time';

/** A character for every id; none of them is special to brain.js. */
const textOf = (ids) => String.fromCodePoint(...ids.map((id) => 0x100 + id));

await serve(async ({ kind, cell, vocabSize, seqLen, batchSize = 1, hiddenSize, learningRate }, given) => {
  const brain = require('brain.js');
  const { version } = require('brain.js/package.json');
  const alphabet = Array.from({ length: vocabSize }, (_, id) => id);
  const Network = brain.recurrent[cell.toUpperCase()];
  const network = new Network({ hiddenLayers: [hiddenSize] });
  const texts = Array.from({ length: batchSize }, (_, row) =>
    textOf(Array.from({ length: seqLen ?? 16 }, (_, t) => given.ids?.[t * batchSize + row] ?? t)),
  );
  // `train` builds the network: once over a text with all characters
  network.train([textOf(alphabet), ...texts], { iterations: 1, learningRate });
  let next = 0;
  const train = () => {
    const text = texts[next++ % batchSize];
    network.trainPattern(network.formatDataIn(text));
    return text.length;
  };
  const sample = () => network.run('', true, 1).length + 1; // with the token that ended it
  const step = kind === 'sample' ? sample : train;
  step();
  return { check: [], note, step, versions: { 'brain.js': version } };
});
