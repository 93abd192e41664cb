/** Mutations of tokenizers, datasets, training and checkpoints. See list.mjs for the form. */

const lines = ['packages/train/src/lines-dataset.test.ts'];
const text = ['packages/train/src/text-dataset.test.ts'];
const step = ['packages/train/src/training-step.test.ts'];
const trainer = ['packages/train/src/trainer.test.ts'];
const resume = ['packages/train/src/resume.test.ts'];

export const data = [
  {
    file: 'packages/tokenizer/src/symbol-tokenizer.ts',
    tests: ['packages/tokenizer/src/char-tokenizer.test.ts'],
    mutations: {
      'tokenizer: an unknown character is skipped in silence': [
        ["else if (this.unknown === 'error')", "else if (this.unknown === 'token')"],
      ],
    },
  },
  {
    file: 'packages/tokenizer/src/bpe-training.ts',
    tests: ['packages/tokenizer/src/bpe-tokenizer.test.ts'],
    mutations: {
      'byte pairs: neighbours of a merged pair counted as before': [['fall(ids[p], left, k);', '']],
    },
  },
  {
    file: 'packages/train/src/text-streams.ts',
    tests: text,
    mutations: {
      'TextDataset: the target is the token itself, not the next one': [['= ids[t + 1]', '= ids[t]']],
      'TextDataset: the last tokens of the text dropped': [
        ['Math.ceil(predictions / batchSize)', 'Math.floor(predictions / batchSize)'],
      ],
    },
  },
  {
    file: 'packages/train/src/text-split.ts',
    tests: text,
    mutations: {
      'TextDataset: the end of a stream is in training and in validation': [
        ['piece.slice(0, cut)', 'piece.slice(0, cut + 1)'],
      ],
    },
  },
  {
    file: 'packages/train/src/node/text-pieces.ts',
    tests: ['packages/train/src/node/text-pieces.test.ts'],
    mutations: {
      'streamed text: CR and LF in two pieces are two ends of line': [
        ['if (bytes[last] === 0x0d) return last;', ''],
      ],
      'streamed text: no line break between two files': [['broken ? raw : ', 'broken || !broken ? raw : ']],
    },
  },
  {
    file: 'packages/train/src/node/token-part.ts',
    tests: ['packages/train/src/node/token-part.test.ts'],
    mutations: {
      'streamed text: the index is one token off': [['tokens: this.#length }', 'tokens: this.#length + 1 }']],
    },
  },
  {
    file: 'packages/train/src/line-batches.ts',
    tests: lines,
    mutations: {
      'LinesDataset: padding counted as targets': [
        ['Tensor.full([seqLen, batchSize], ignoreIndex', 'Tensor.full([seqLen, batchSize], 0'],
      ],
      'LinesDataset: the end of the line never predicted': [['line.length - 1)', 'line.length - 2)']],
    },
  },
  {
    file: 'packages/train/src/hold-out.ts',
    tests: lines,
    mutations: {
      'validation lines leak into training': [
        ["options.duplicates === 'keep' ? all : all.filter((line) => !known.has(line))", 'all'],
      ],
    },
  },
  {
    file: 'packages/train/src/training-step.ts',
    tests: step,
    mutations: {
      'state not carried from chunk to chunk': [['if (carriesState) carried = keepState(result.state);', '']],
      'state leaks from line to line': [['if (carriesState) carried =', 'carried =']],
      'batches not weighted by their targets': [
        ['const share = count / tokens;', 'const share = 1 / batches.length;'],
      ],
      'only the last of several accumulated batches counts': [
        ['workspace.run(() => {', 'model.zeroGrad();\n    workspace.run(() => {'],
      ],
    },
  },
  {
    file: 'packages/train/src/optimizer-step.ts',
    tests: resume,
    only: 'saved at step',
    mutations: {
      'position in the epoch not set back at its end': [
        ['endsEpoch ? 0 : progress.batch + batches.length', 'progress.batch + batches.length'],
      ],
    },
  },
  {
    file: 'packages/train/src/optimizer-step.ts',
    tests: trainer,
    mutations: {
      'an optimizer step for every example of a mini-batch': [
        ['optimizer.step();', 'for (let b = 0; b < batches[0].ids.shape[1]; b++) optimizer.step();'],
      ],
      'gradients not clipped though a norm is given': [['clipNorm ?? Infinity', 'Infinity']],
    },
  },
  {
    file: 'packages/train/src/evaluate.ts',
    tests: ['packages/train/src/evaluate.test.ts'],
    mutations: {
      'validation loss: every batch counts alike': [
        ['nats += result.loss * batch.count', 'nats += result.loss'],
      ],
      'validation: state not carried through a text': [
        ['if (dataset.carriesState) state =', 'if (dataset.carriesState) void'],
      ],
    },
  },
  {
    file: 'packages/train/src/trainer-memory.ts',
    tests: resume,
    only: 'saved at step',
    mutations: {
      'checkpoint: state of the random generator not restored': [
        ['model.recurrent.rng.state = dropoutRng;', ''],
      ],
      'checkpoint: carried state not restored': [['memory.carried = carried;', '']],
      'checkpoint: smoothed loss not restored': [['memory.smoothed.state = smoothedLoss;', '']],
    },
  },
  {
    file: 'packages/optimizers/src/state.ts',
    tests: ['packages/optimizers/src/save-load.test.ts'],
    mutations: {
      'checkpoint: step count of the optimizer not restored': [
        ['{ slots, step, decays }]', '{ slots, decays }]'],
      ],
      'checkpoint: a saved state shares memory with the optimizer': [['own[slot].slice()', 'own[slot]']],
    },
  },
  {
    file: 'packages/train/src/smoothed-loss.ts',
    tests: ['packages/train/src/smoothed-loss.test.ts'],
    mutations: {
      'smoothed loss starts near zero: no bias correction': [
        ['this.#sum / (1 - this.beta ** this.#count)', 'this.#sum'],
      ],
    },
  },
  {
    file: 'packages/train/src/metrics.ts',
    tests: ['packages/train/src/smoothed-loss.test.ts'],
    mutations: {
      'bits per character: nats multiplied by ln 2': [['(loss / Math.LN2)', '(loss * Math.LN2)']],
    },
  },
];
