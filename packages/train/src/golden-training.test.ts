/**
 * Whole training runs against PyTorch's in float64, and the same runs in float32 on every backend: three epochs over chunks with carried state, clipping and
 * optimizer; every loss, every gradient norm, the last weights and the last state. Nothing is left out.
 */
import { readFileSync } from 'node:fs';
import { Adam, AdamW, NAdam, SGD } from '@rnnlab/optimizers';
import { CharTokenizer } from '@rnnlab/tokenizer';
import { referenceBackend, Tensor, wasmBackend, type Parameter } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { createLanguageModel, type CellType } from './create-language-model';
import type { Batch, Dataset } from './dataset';
import { Trainer } from './trainer';
import type { TrainerEvent } from './trainer-events';

interface Json {
  shape: number[];
  data: number[];
}

interface Case {
  name: string;
  config: {
    cell: CellType;
    vocab: number;
    embedding: number | null;
    hidden: number;
    layers: number;
    batch: number;
    bpttSteps: number;
    chunks: number;
    epochs: number;
    carryState: boolean;
    optimizer: string;
    optimizerConfig: { lr: number; weight_decay?: number };
    clipNorm: number | null;
  };
  initial: Record<string, Json>;
  ids: Json;
  expected: {
    log: { epoch: number; chunk: number; loss: number; gradNorm: number | null }[];
    finalParams: Record<string, Json>;
    finalState: Json[];
  };
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/training_trajectories.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

/** The rows of `ids` [B, chunks·T + 1] in chunks of T steps, state carried. */
function rowsDataset({ ids, config }: Case): Dataset {
  const { bpttSteps: T, chunks, vocab, carryState } = config;
  const [B, length] = ids.shape;
  const at = (first: number) => (n: number) => ids.data[(n % B) * length + first + Math.floor(n / B)];
  function* batches(): Generator<Batch> {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const tensor = (first: number) =>
        new Tensor(
          Int32Array.from({ length: T * B }, (_, n) => at(first)(n)),
          [T, B],
        );
      yield { ids: tensor(chunk * T), targets: tensor(chunk * T + 1), count: T * B };
    }
  }
  const alphabet = 'abcdefghi'.slice(0, vocab);
  const size = { items: 0, tokens: 0, characters: 0 };
  return {
    tokenizer: CharTokenizer.fit(alphabet, { unknown: 'error' }),
    carriesState: carryState,
    sizes: { training: { items: B, tokens: chunks * T * B, characters: chunks * T * B }, validation: size },
    trainingBatches: batches,
    validationBatches: () => [],
    batchesPerEpoch: () => chunks,
    sequences: () => [],
    sampling: { prompt: [0], stopTokens: [] },
    describe: () => ({ type: 'rows' }),
  };
}

function makeOptimizer({ optimizer, optimizerConfig }: Case['config'], parameters: Parameter[]) {
  const { lr: learningRate, weight_decay: weightDecay, ...others } = optimizerConfig;
  expect(others).toEqual({}); // every option of the fixture is translated
  switch (optimizer) {
    case 'SGD':
      return new SGD(parameters, { learningRate });
    case 'Adam':
      return new Adam(parameters, { learningRate });
    case 'AdamW':
      return new AdamW(parameters, { learningRate, weightDecay });
    case 'NAdam':
      return new NAdam(parameters, { learningRate });
    default:
      throw new Error(`no optimizer ${optimizer}`);
  }
}

const ours = (name: string) => name.replace(/^emb\./, 'embedding.');

/** |a − b| ≤ atol + rtol·|b|; float32 as for gradients, which every number of a run but its first loss depends on. */
const runs = [
  { dtype: 'float64', backend: referenceBackend, rtol: 1e-9, atol: 1e-11 },
  { dtype: 'float32', backend: referenceBackend, rtol: 1e-4, atol: 1e-4 },
  { dtype: 'float32', backend: wasmBackend({ memoryMiB: 64 }), rtol: 1e-4, atol: 1e-4 },
  {
    dtype: 'float32',
    backend: wasmBackend({ memoryMiB: 64, threads: 2, workPerThread: 1 }),
    rtol: 1e-4,
    atol: 1e-4,
  },
] as const;

describe.each(runs)(
  'training runs of PyTorch in $dtype on $backend.name',
  ({ dtype, backend, rtol, atol }) => {
    const expectClose = (actual: number, expected: number, what: string) =>
      expect(Math.abs(actual - expected), `${what}: ${actual}, expected ${expected}`).toBeLessThanOrEqual(
        atol + rtol * Math.abs(expected),
      );

    it.each(cases)('$name', async (golden) => {
      const { config, initial, expected } = golden;
      const model = createLanguageModel({
        cell: config.cell,
        vocabSize: config.vocab,
        hiddenSize: config.hidden,
        numLayers: config.layers,
        embeddingDim: config.embedding ?? undefined,
        recurrentBias: true,
        dtype,
        backend,
      });
      const weights = Object.entries(initial).map(
        ([name, { shape, data }]) => [ours(name), new Tensor(Float64Array.from(data), shape)] as const,
      );
      model.loadStateDict(new Map(weights));
      const trainer = new Trainer({
        model,
        dataset: rowsDataset(golden),
        optimizer: makeOptimizer(config, model.parameters()),
        batchSize: config.batch,
        epochs: config.epochs,
        clipNorm: config.clipNorm ?? undefined,
      });
      const steps: Extract<TrainerEvent, { type: 'step' }>[] = [];
      let carried: Record<string, Tensor> = {};
      for await (const event of trainer.run()) {
        if (event.type !== 'step') continue;
        steps.push(event);
        // The trainer forgets the state at the end of an epoch; the one before the last chunk is still there.
        if (event.step === expected.log.length - 1) {
          const { tensors } = trainer.stateDict();
          carried = Object.fromEntries(
            [...tensors]
              .filter(([name]) => name.startsWith('carried.'))
              .map(([name, t]) => [name.slice(8), t]),
          );
        }
        if (event.step === expected.log.length - 1) {
          const last = [
            ...(rowsDataset(golden).trainingBatches({ batchSize: 1, epoch: 0 }) as Iterable<Batch>),
          ].at(-1)!;
          const { state } = model.forward(last.ids, undefined, { state: carried as never });
          expected.finalState.forEach((tensor, k) => {
            const actual = k === 0 ? state.h : state.c!;
            tensor.data.forEach((value, i) => expectClose(actual.data[i], value, `final state ${k} [${i}]`));
          });
        }
      }
      expect(steps).toHaveLength(expected.log.length);
      expected.log.forEach(({ loss, gradNorm }, k) => {
        expectClose(steps[k].loss, loss, `loss of step ${k + 1}`);
        if (gradNorm !== null) expectClose(steps[k].gradientNorm, gradNorm, `gradient norm of step ${k + 1}`);
      });
      const final = model.stateDict();
      expect([...final.keys()].sort()).toEqual(Object.keys(expected.finalParams).map(ours).sort());
      for (const [name, { data }] of Object.entries(expected.finalParams)) {
        data.forEach((value, i) => expectClose(final.get(ours(name))!.data[i], value, `${name}[${i}]`));
      }
    });

    it('covers every case of the file', () => {
      expect(cases.map(({ name }) => name)).toEqual([
        'char_rnn_sgd_onehot',
        'char_lstm_adam_clip',
        'char_gru_adamw_2layer',
        'char_gru_nadam',
      ]);
    });
  },
);
