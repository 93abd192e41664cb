import { CheckpointError, readSafetensors, Rng, Tensor, writeSafetensors } from '@rnnlab/tensor';
import { CharTokenizer } from '@rnnlab/tokenizer';
import { describe, expect, it } from 'vitest';
import { checkpointChunks, readCheckpoint, type Checkpoint } from './checkpoint';
import { createLanguageModel } from './create-language-model';
import { modelFromCheckpoint, tokenizerFromCheckpoint, weightsOf } from './model-from-checkpoint';
import type { TrainerProgress } from './trainer-state';
import { libraryVersion } from './version';

const bytesOf = (checkpoint: Checkpoint): Uint8Array =>
  new Uint8Array(Buffer.concat([...checkpointChunks(checkpoint)]));

const progress: TrainerProgress = {
  version: 1,
  step: 1200,
  epoch: 3,
  batch: 17,
  seconds: 12.25,
  seed: 4294967295,
  batchSize: 4,
  accumulationSteps: 2,
  dataset: { type: 'lines', lines: 7, shuffled: true },
  dropoutRng: [1, 0, 4294967295, 77],
  smoothedLoss: { sum: 0.1 + 0.2, count: 1200 },
  sinceEvaluation: { nats: 1e-320, tokens: 3 },
  inEpoch: { nats: 123.456, tokens: 99 },
  best: { loss: 1.5, step: 1000 },
  evaluationsSinceBest: 2,
  done: { evaluation: 1000, sample: -1, checkpoint: 1200, epoch: 900 },
  updateToWeightRatio: { 'head.bias': 1e-3 },
  optimizer: { type: 'Adam' },
};

function example(): Checkpoint {
  const tokenizer = CharTokenizer.fit('naïve 🦕');
  const model = createLanguageModel({ cell: 'lstm', vocabSize: tokenizer.vocabSize, hiddenSize: 3, seed: 5 });
  const rng = new Rng(9);
  const tensors = new Map(model.stateDict());
  const random = (size: number): Float32Array => Float32Array.from({ length: size }, () => rng.normal());
  for (const { name, value } of model.parameters()) {
    tensors.set(`optimizer.${name}.m`, Tensor.from(random(value.size), { shape: value.shape }));
    tensors.set(`best.${name}`, Tensor.from(random(value.size), { shape: value.shape }));
  }
  tensors.set('carried.h', Tensor.from(random(6), { shape: [1, 2, 3] }));
  return {
    model: model.config,
    tokenizer: tokenizer.toJSON(),
    tensors,
    progress,
    history: [{ type: 'evaluation', step: 1000, loss: 1.5, text: '\u2028"\\' }],
    notes: new Map([
      ['source', 'public domain'],
      ['__proto__', 'a note like any other'],
    ]),
  };
}

/** The bytes of `example()` with other metadata. */
function edited(changes: Record<string, string | undefined>): Uint8Array {
  const { tensors, metadata: before } = readSafetensors(bytesOf(example()));
  const metadata = new Map(before);
  for (const [name, text] of Object.entries(changes)) {
    if (text === undefined) metadata.delete(name);
    else metadata.set(name, text);
  }
  return writeSafetensors(tensors, metadata);
}

describe('a checkpoint', () => {
  it('comes back as it was', async () => {
    const checkpoint = example();
    const loaded = await readCheckpoint(bytesOf(checkpoint));
    expect(loaded.model).toEqual(checkpoint.model);
    expect(loaded.tensors).toEqual(checkpoint.tensors);
    expect(loaded.progress).toEqual(progress);
    expect(loaded.history).toEqual(checkpoint.history);
    expect(loaded.notes).toEqual(checkpoint.notes);
    expect(loaded.libraryVersion).toBe(libraryVersion);
    expect(loaded.schema).toBe(1);
    expect(bytesOf(loaded)).toEqual(bytesOf(checkpoint));
  });

  it('is a safetensors file with PyTorch’s names', () => {
    const { tensors, metadata } = readSafetensors(bytesOf(example()));
    expect(metadata.get('format')).toBe('pt');
    expect([...tensors.keys()].filter((name) => /^(rnn|head)/.test(name))).toEqual([
      'head.bias',
      'head.weight',
      'rnn.bias_ih_l0',
      'rnn.weight_hh_l0',
      'rnn.weight_ih_l0',
    ]);
  });

  it('gives back model and tokenizer', async () => {
    const checkpoint = await readCheckpoint(bytesOf(example()));
    const model = modelFromCheckpoint(checkpoint);
    const expected = createLanguageModel(checkpoint.model);
    expect(model.stateDict()).toEqual(expected.stateDict());
    expect(tokenizerFromCheckpoint(checkpoint).decode([4, 5])).toBe(
      CharTokenizer.fit('naïve 🦕').decode([4, 5]),
    );
    const best = modelFromCheckpoint(checkpoint, { weights: 'best' });
    expect(best.stateDict().get('head.bias')).toEqual(checkpoint.tensors.get('best.head.bias'));
    expect(weightsOf(checkpoint, 'best').size).toBe(5);
  });

  it('may hold a model alone', async () => {
    const { model, tensors } = example();
    const loaded = await readCheckpoint(bytesOf({ model, tensors: weightsOf({ model, tensors }) }));
    expect(loaded.progress).toBeUndefined();
    expect(loaded.history).toEqual([]);
    expect(modelFromCheckpoint(loaded, { weights: 'best' }).config).toEqual(model);
    expect(() => tokenizerFromCheckpoint(loaded)).toThrow(
      'tokenizerFromCheckpoint: no tokenizer was saved. Pass tokenizer: tokenizer.toJSON() to saveCheckpoint.',
    );
  });
});

const change = (changes: Record<string, unknown>): Uint8Array =>
  edited({ 'rnnlab.progress': JSON.stringify({ ...progress, ...changes }) });
const damaged = 'If the file was not written by hand, it is damaged: go back to an earlier checkpoint.';

describe('refused files', () => {
  const cases: [string, () => Uint8Array, string][] = [
    [
      'no safetensors file',
      () => new TextEncoder().encode('hello, world'),
      "safetensors: the header's length is",
    ],
    [
      'another safetensors file',
      () => writeSafetensors(new Map([['w', Tensor.from([1])]])),
      'loadCheckpoint: this safetensors file holds tensors, but no rnnlab checkpoint (rnnlab.schema is missing). To use its weights, build the model and pass them to model.loadStateDict: readSafetensors of @rnnlab/tensor reads them.',
    ],
    [
      'a newer schema',
      () => edited({ 'rnnlab.schema': '2', 'rnnlab.version': '9.1.0' }),
      `loadCheckpoint: the file has schema 2 (written by @rnnlab/train 9.1.0), @rnnlab/train ${libraryVersion} reads up to 1. Update @rnnlab/train.`,
    ],
    [
      'a schema that is no number',
      () => edited({ 'rnnlab.schema': '1e0' }),
      'loadCheckpoint: rnnlab.schema is "1e0", expected an integer from 1 to 1. The file is damaged: go back to an earlier checkpoint.',
    ],
    [
      'no model',
      () => edited({ 'rnnlab.model': undefined }),
      'loadCheckpoint: the file has no rnnlab.model.',
    ],
    [
      'a model that is no JSON',
      () => edited({ 'rnnlab.model': '{' }),
      'loadCheckpoint: rnnlab.model is no JSON. The file is damaged: go back to an earlier checkpoint.',
    ],
    [
      'another cell',
      () => edited({ 'rnnlab.model': '{"cell":"toString"}' }),
      `loadCheckpoint: model.cell is "toString", expected 'rnn', 'lstm' or 'gru'. ${damaged}`,
    ],
    [
      'a list for a model',
      () => edited({ 'rnnlab.model': '[]' }),
      `loadCheckpoint: model.cell is missing, expected 'rnn', 'lstm' or 'gru'. ${damaged}`,
    ],
    [
      'progress that is no object',
      () => edited({ 'rnnlab.progress': 'null' }),
      'progress.version is missing, expected 1',
    ],
    ['progress of another version', () => change({ version: 2 }), 'progress.version is 2, expected 1'],
    ['a fractional step', () => change({ step: 1.5 }), 'progress.step is 1.5, expected an integer ≥ 0.'],
    ['a negative batch', () => change({ batch: -1 }), 'progress.batch is -1, expected an integer ≥ 0.'],
    [
      'a seed beyond 32 bits',
      () => change({ seed: 2 ** 32 }),
      'progress.seed is 4294967296, expected an integer from 0 to 4294967295.',
    ],
    [
      'a dead generator',
      () => change({ dropoutRng: [0, 0, 0, 0] }),
      'progress.dropoutRng is [0,0,0,0], expected four unsigned 32-bit integers, not all zero.',
    ],
    [
      'a nested field of another type',
      () => change({ inEpoch: { nats: '1', tokens: 2 } }),
      'progress.inEpoch.nats is "1", expected a number.',
    ],
    [
      'a field that is missing',
      () => change({ done: {} }),
      'progress.done.evaluation is missing, expected an integer ≥ -1.',
    ],
    [
      'a ratio that is no number',
      () => change({ updateToWeightRatio: { 'head.bias': null } }),
      'progress.updateToWeightRatio is {"head.bias":null}, expected an object of numbers.',
    ],
    [
      'a best without loss',
      () => change({ best: { step: 3 } }),
      'progress.best.loss is missing, expected a number.',
    ],
    [
      'an optimizer without type',
      () => change({ optimizer: {} }),
      'progress.optimizer.type is missing, expected a string.',
    ],
    [
      'a history that is no list',
      () => edited({ 'rnnlab.history': '{}' }),
      'loadCheckpoint.history is {}, expected a list.',
    ],
    [
      'an event that is none',
      () => edited({ 'rnnlab.history': '[{"type":"x"},7]' }),
      'history[1].type is missing, expected a string.',
    ],
    [
      'half-precision weights',
      () => {
        const { tensors, metadata } = readSafetensors(bytesOf(example()));
        return writeSafetensors(
          new Map([...tensors, ['head.bias', { dtype: 'BF16', shape: [1], bytes: new Uint8Array(2) }]]),
          metadata,
        );
      },
      'loadCheckpoint: tensor "head.bias" is BF16, expected F32, F64 or I32. Convert it first.',
    ],
  ];
  it.each(cases)('%s', async (_, bytes, message) => {
    await expect(readCheckpoint(bytes())).rejects.toMatchObject({
      code: 'ERR_CHECKPOINT',
      message: expect.stringContaining(message),
    });
  });
});

describe('refused contents', () => {
  it('does not let numbers turn into null', () => {
    const checkpoint = { ...example(), progress: { ...progress, seconds: Number.NaN } };
    expect(() => bytesOf(checkpoint)).toThrow(
      'saveCheckpoint: seconds in progress is NaN, which JSON cannot hold. Leave it out.',
    );
  });

  it('keeps its own names', () => {
    for (const name of ['rnnlab.x', 'format']) {
      expect(() => bytesOf({ ...example(), notes: new Map([[name, '']]) })).toThrow(
        `saveCheckpoint: a note is named "${name}". Choose another name.`,
      );
    }
  });

  it('names weights that do not fit the configuration before it builds a model', () => {
    const { model, tensors } = example();
    const huge = { ...model, hiddenSize: 2 ** 30 };
    expect(() => modelFromCheckpoint({ model: huge, tensors })).toThrow(
      'modelFromCheckpoint: rnn.weight_hh_l0 has shape [12, 3], but the configuration says hiddenSize=1073741824 and numLayers=1. The file is damaged: go back to an earlier checkpoint.',
    );
    expect(() => modelFromCheckpoint({ model: { ...model, numLayers: 1e9 }, tensors })).toThrow(
      'modelFromCheckpoint: rnn.weight_hh_l999999999 is missing',
    );
    expect(() => modelFromCheckpoint({ model: { ...model, vocabSize: 10 ** 9 }, tensors })).toThrow(
      'but the configuration says vocabSize=1000000000',
    );
    expect(() => modelFromCheckpoint({ model: { ...model, embeddingDim: 10 ** 9 }, tensors })).toThrow(
      'modelFromCheckpoint: embedding.weight is missing, but the configuration says embeddingDim=1000000000',
    );
    expect(() => modelFromCheckpoint({ model: { ...model, cell: 'gru' }, tensors })).toThrow(
      'rnn.weight_ih_l0 has shape',
    );
    expect(() =>
      modelFromCheckpoint({ model: { ...model, dropout: 'x' as unknown as number }, tensors }),
    ).toThrow('modelFromCheckpoint: createLanguageModel: dropout is "x", expected a number.');
  });

  it('names a tokenizer that does not fit the model', () => {
    const checkpoint = example();
    const tokenizer = CharTokenizer.fit('ab');
    expect(() => tokenizerFromCheckpoint({ ...checkpoint, tokenizer: tokenizer.toJSON() })).toThrow(
      `tokenizerFromCheckpoint: the tokenizer has vocabSize=${tokenizer.vocabSize} and the model ${checkpoint.model.vocabSize}.`,
    );
    expect(() => tokenizerFromCheckpoint({ ...checkpoint, tokenizer: { type: 'char' } })).toThrow(
      'tokenizerFromCheckpoint: ',
    );
  });
});

it('refuses 3,000 damaged files with no error but a CheckpointError', async () => {
  const rng = new Rng(11);
  const whole = bytesOf(example());
  const { tensors, metadata } = readSafetensors(whole);
  const names = ['rnnlab.model', 'rnnlab.progress', 'rnnlab.tokenizer', 'rnnlab.history'];
  const values = ['null', '[]', '{}', '-1', '1e9', '0.5', '"x"', 'true', '"__proto__"', '[[]]', ''];
  let refused = 0;
  for (let run = 0; run < 3_000; run++) {
    const name = names[rng.int(names.length)];
    const parts = metadata.get(name)!.split(/([^\w.]+)/);
    parts[rng.int(parts.length)] = values[rng.int(values.length)];
    let bytes = writeSafetensors(tensors, new Map([...metadata, [name, parts.join('')]]));
    if (run % 3 === 0) {
      bytes = whole.slice(0, run % 2 ? whole.length : rng.int(whole.length));
      if (bytes.length) bytes[rng.int(bytes.length)] ^= 1 << rng.int(8);
    }
    try {
      const checkpoint = await readCheckpoint(bytes);
      modelFromCheckpoint(checkpoint);
      tokenizerFromCheckpoint(checkpoint);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(1_000);
});

it('keeps a table that embedding and head share once', async () => {
  const tied = { cell: 'gru', vocabSize: 5, hiddenSize: 4, embeddingDim: 4, tieWeights: true } as const;
  const model = createLanguageModel({ ...tied, seed: 3 });
  const loaded = await readCheckpoint(bytesOf({ model: model.config, tensors: model.stateDict() }));
  expect(loaded.tensors.has('head.weight')).toBe(false);
  const copy = modelFromCheckpoint(loaded);
  expect(copy.stateDict()).toEqual(model.stateDict());
  expect(copy.head.weight).toBe(copy.embedding!.weight);
  expect(() => modelFromCheckpoint({ ...loaded, model: { ...tied, vocabSize: 6 } })).toThrow(
    'modelFromCheckpoint: embedding.weight has shape [5, 4], but the configuration says vocabSize=6.',
  );
});
