/** What holds for {@link TFCharRNN} with every engine: it is the network written by hand, number by number. */
import { Rng, Tensor } from '@rnnlab/tensor';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TensorFlow, TensorFlowEngine } from '../load-tensor-flow';
import { TFCharRNN } from '../tf-char-rnn';
import type { TFCharRNNOptions } from '../tf-char-rnn-options';
import { tidied } from '../tidied';
import { load } from './engines';

const [V, H, E, T, B] = [7, 5, 3, 6, 4];

/** Every cell, several layers, both directions, with and without bias and embedding. */
const networks: Record<string, TFCharRNNOptions> = {
  'simple RNN': { cell: 'rnn', vocabSize: V, hiddenSize: H },
  'simple RNN with relu, two biases, two layers': {
    cell: 'rnn',
    vocabSize: V,
    hiddenSize: H,
    nonlinearity: 'relu',
    recurrentBias: true,
    numLayers: 2,
  },
  LSTM: { cell: 'lstm', vocabSize: V, hiddenSize: H },
  'LSTM without bias, embedding, three layers': {
    cell: 'lstm',
    vocabSize: V,
    hiddenSize: H,
    bias: false,
    embeddingDim: E,
    numLayers: 3,
  },
  'bidirectional LSTM, two layers': {
    cell: 'lstm',
    vocabSize: V,
    hiddenSize: H,
    numLayers: 2,
    bidirectional: true,
  },
  GRU: { cell: 'gru', vocabSize: V, hiddenSize: H, resetAfter: false },
  'bidirectional GRU, embedding': {
    cell: 'gru',
    vocabSize: V,
    hiddenSize: H,
    resetAfter: false,
    bidirectional: true,
    embeddingDim: E,
  },
};

/** Weights that differ from each other, biases too. */
function randomWeights(model: TFCharRNN, rng: Rng): Map<string, Tensor> {
  const state = model.toLanguageModel().stateDict();
  for (const [name, { data }] of state) {
    const second = name.includes('bias_hh'); // TensorFlow has the sum
    for (let k = 0; k < data.length; k++) data[k] = second ? 0 : 0.4 * rng.normal();
  }
  return state;
}

/** Ids [T, B] and targets; two rows end early. */
function paddedBatch(rng: Rng) {
  const lengths = Int32Array.of(T, 4, 1, T);
  const ids = Tensor.zeros([T, B], 'int32');
  const targets = Tensor.full([T, B], -100, 'int32');
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      if (t >= lengths[b]) continue;
      ids.data[t * B + b] = rng.int(V);
      targets.data[t * B + b] = rng.int(V);
    }
  }
  return { ids, targets, lengths, count: lengths.reduce((sum, length) => sum + length, 0) };
}

/** |a − b| ≤ tolerance·(1 + |b|) */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-5): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let k = 0; k < expected.length; k++) {
    worst = Math.max(worst, Math.abs(actual[k] - expected[k]) / (1 + Math.abs(expected[k])));
  }
  expect(worst).toBeLessThanOrEqual(tolerance); // NaN is not
}

/** [B, T, N] of TensorFlow as [T, B, N]. */
export function timeMajor(data: ArrayLike<number>, seqLen: number, batchSize: number): Float64Array {
  const size = data.length / (seqLen * batchSize);
  return Float64Array.from({ length: data.length }, (_, k) => {
    const [row, n] = [Math.floor(k / size), k % size];
    return data[((row % batchSize) * seqLen + Math.floor(row / batchSize)) * size + n];
  });
}

export function describeTFCharRNN(engine: TensorFlowEngine): void {
  describe('TFCharRNN', () => {
    let tf: TensorFlow;
    let before = 0;
    beforeAll(async () => {
      ({ tf } = await load(engine));
    });
    beforeEach(() => {
      before = tf.memory().numTensors;
    });
    afterEach(() => expect(tf.memory().numTensors).toBe(before));

    it.each(Object.entries(networks))('%s: logits, state and loss are those by hand', (_, options) => {
      const rng = new Rng(1);
      const model = new TFCharRNN(tf, options);
      model.loadStateDict(randomWeights(model, rng));
      const byHand = model.toLanguageModel();
      const { ids, targets, lengths } = paddedBatch(rng);
      const expected = byHand.forward(ids, targets, { lengths });
      const { logits, state } = model.forward(ids, { lengths });
      const loss = model.loss(ids, targets, { lengths });
      expect(logits.shape).toEqual([B, T, V]);
      // Behind the end of a row ours gives the scores of a zero output and Keras repeats the last state: neither counts.
      const got = timeMajor(logits.dataSync(), T, B);
      for (let k = 0; k < T * B; k++) {
        if (targets.data[k] < 0) got.set(expected.logits.data.subarray(k * V, (k + 1) * V), k * V);
      }
      expectClose(got, expected.logits.data);
      expectClose(loss.dataSync(), [expected.loss]);
      const names = byHand.recurrent.stateNames;
      state.forEach((tensor, k) => {
        const ours = expected.state[names[k % names.length]]!.row(Math.floor(k / names.length));
        expectClose(tensor.dataSync(), ours.data);
      });
      expect(state).toHaveLength(names.length * byHand.recurrent.cells.flat().length);
      tf.dispose([logits, loss, ...state]);
      model.dispose();
    });

    it.each(Object.entries(networks))('%s: gradients are those by hand', (_, options) => {
      const rng = new Rng(2);
      const model = new TFCharRNN(tf, options);
      model.loadStateDict(randomWeights(model, rng));
      const { ids, targets, lengths } = paddedBatch(rng);
      const byHand = model.toLanguageModel();
      const { cache } = byHand.forward(ids, targets, { lengths });
      byHand.backward(cache);
      const gradients = new Map(byHand.parameters().map(({ name, grad }) => [name, grad]));
      const variables = model.variables();
      const { value, grads } = tf.variableGrads(() => model.loss(ids, targets, { lengths }), variables);
      // A model that holds the gradients as weights gives them our names and layout.
      variables.forEach((variable) => variable.assign(grads[variable.name]));
      for (const [name, { data }] of model.stateDict()) {
        if (!name.includes('bias_hh')) expectClose(data, gradients.get(name)!.data, 1e-4);
      }
      tf.dispose([value, grads]);
      model.dispose();
    });

    it.each(Object.entries(networks))('%s: what is padding changes nothing', (_, options) => {
      const rng = new Rng(3);
      const model = new TFCharRNN(tf, options);
      model.loadStateDict(randomWeights(model, rng));
      const { ids, targets, lengths } = paddedBatch(rng);
      const loss = tf.tidy(() => model.loss(ids, targets, { lengths }).dataSync()[0]);
      for (let k = 0; k < ids.size; k++) if (targets.data[k] < 0) ids.data[k] = rng.int(V);
      expect(tf.tidy(() => model.loss(ids, targets, { lengths }).dataSync()[0])).toBe(loss);
      // and it is the loss of the rows alone, weighted by their targets
      let sum = 0;
      lengths.forEach((length, b) => {
        const column = ({ data }: Tensor) =>
          Tensor.from(
            Int32Array.from({ length }, (_, t) => data[t * B + b]),
            { shape: [length, 1] },
          );
        sum += length * tf.tidy(() => model.loss(column(ids), column(targets)).dataSync()[0]);
      });
      expectClose([loss], [sum / lengths.reduce((a, b) => a + b)], 1e-6);
      model.dispose();
    });

    it.each(['rnn', 'lstm', 'gru'] as const)('%s: chunks with a carried state are one sequence', (cell) => {
      const rng = new Rng(4);
      const model = new TFCharRNN(tf, {
        cell,
        vocabSize: V,
        hiddenSize: H,
        numLayers: 2,
        resetAfter: cell === 'gru' ? false : undefined,
      });
      model.loadStateDict(randomWeights(model, rng));
      const ids = Tensor.from(
        Int32Array.from({ length: T * B }, () => rng.int(V)),
        { shape: [T, B] },
      );
      const whole = model.forward(ids);
      const first = model.forward(ids.slice(0, 2));
      const second = model.forward(ids.slice(2, T), { state: first.state });
      expectClose(
        [...timeMajor(first.logits.dataSync(), 2, B), ...timeMajor(second.logits.dataSync(), T - 2, B)],
        timeMajor(whole.logits.dataSync(), T, B),
        1e-6,
      );
      tf.dispose([whole, first, second] as never);
      model.dispose();
    });

    it('gives the text that our model gives at the same seed', async () => {
      const { generate } = await import('@rnnlab/rnn');
      const rng = new Rng(5);
      const options = { cell: 'lstm', vocabSize: V, hiddenSize: H, numLayers: 2 } as const;
      const model = new TFCharRNN(tf, options);
      model.loadStateDict(randomWeights(model, rng));
      const sampling = { prompt: [0, 3, 1], temperature: 0.8, topP: 0.95, maxNewTokens: 20, seed: 9 };
      const drawn: number[] = [];
      for await (const { token } of model.generate(sampling)) drawn.push(token);
      const expected: number[] = [];
      for await (const { token } of generate(model.toLanguageModel(), sampling)) expected.push(token);
      expect(drawn).toEqual(expected);
      expect(new Set(drawn).size).toBeGreaterThan(2);
      model.dispose();
    });

    it('keeps its state from batch to batch when it is stateful, as Keras does', async () => {
      const rng = new Rng(6);
      const options = { cell: 'lstm', vocabSize: V, hiddenSize: H, numLayers: 2 } as const;
      const model = new TFCharRNN(tf, options);
      const stateful = new TFCharRNN(tf, { ...options, stateful: { batchSize: B } });
      const weights = randomWeights(model, rng);
      model.loadStateDict(weights);
      stateful.loadStateDict(weights);
      const ids = Tensor.from(
        Int32Array.from({ length: T * B }, () => rng.int(V)),
        { shape: [T, B] },
      );
      const whole = tidied(tf, () => timeMajor(model.forward(ids).logits.dataSync(), T, B));
      const predict = (chunk: Tensor) =>
        tidied(tf, () => {
          const logits = stateful.model.predict(stateful.encode(chunk), { batchSize: B }) as ReturnType<
            typeof tf.tensor
          >;
          return timeMajor(logits.dataSync(), chunk.shape[0], B);
        });
      for (let repetition = 0; repetition < 2; repetition++) {
        stateful.model.resetStates();
        expectClose([...predict(ids.slice(0, 2)), ...predict(ids.slice(2, T))], whole, 1e-6);
      }
      // sampling reads one row at a time: from a copy of the weights
      const texts: number[][] = [];
      for (const each of [model, stateful]) {
        const drawn: number[] = [];
        for await (const { token } of each.generate({ prompt: [2], maxNewTokens: 8, seed: 3 }))
          drawn.push(token);
        texts.push(drawn);
      }
      expect(texts[1]).toEqual(texts[0]);
      stateful.dispose();
      model.dispose();
    });

    it('ends a text at a stop token, at the signal, and when the loop ends, and keeps nothing', async () => {
      const model = new TFCharRNN(tf, { cell: 'rnn', vocabSize: V, hiddenSize: H });
      const greedy = { prompt: [1], temperature: 0, maxNewTokens: 30 };
      let count = 0;
      for await (const { token } of model.generate({ ...greedy, stopTokens: [0, 1, 2, 3, 4, 5, 6] })) {
        expect(token).toBeLessThan(V);
        count++;
      }
      expect(count).toBe(1);
      for await (const { text } of model.generate(greedy)) {
        expect(text).toBe('');
        break;
      }
      const aborted = AbortSignal.abort();
      for await (const _ of model.generate({ ...greedy, signal: aborted })) count++;
      expect(count).toBe(1);
      model.dispose();
    });

    it('says which engine it ran on', () => {
      expect(tf.getBackend()).toBe(engine === 'node' ? 'tensorflow' : engine);
    });
  });
}
