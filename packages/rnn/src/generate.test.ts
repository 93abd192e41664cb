import { ConfigError, logSoftmax, Rng, Tensor, wasmBackend, type Backend } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { generate, type GeneratedToken, type GenerateOptions } from './generate';
import type { TextCodec } from './generation-row';
import { LanguageModel } from './language-model';
import { RNN } from './rnn';
import type { RecurrentOptions } from './recurrent-options';
import type { RecurrentState } from './cell';

const V = 7;
const makeModel = (options: Partial<RecurrentOptions> = {}) =>
  new LanguageModel({
    vocabSize: V,
    recurrent: new RNN({
      inputSize: V,
      hiddenSize: 5,
      numLayers: 2,
      dtype: 'float64',
      init: 'torch',
      ...options,
    }),
    seed: 3,
  });
const model = makeModel();

async function collect(options: GenerateOptions<RecurrentState>, from = model) {
  const tokens: GeneratedToken<RecurrentState>[] = [];
  for await (const token of generate(from, options)) tokens.push(token);
  return tokens;
}
const idsOf = (tokens: { token: number }[]) => tokens.map(({ token }) => token);

/** Log-probabilities of the token behind `ids`, from the whole prefix at once. */
function afterPrefix(ids: number[], state?: RecurrentState): Tensor {
  const { logits } = model.forward(Tensor.from(ids, { shape: [ids.length, 1], dtype: 'int32' }), undefined, {
    state,
  });
  return logSoftmax(logits.row(ids.length - 1).row(0));
}

it('carries the state: every token is drawn as from the whole text before it', async () => {
  const drawn = await collect({ prompt: [3, 1, 6], maxNewTokens: 12, seed: 5, temperature: 1.3 });
  expect(drawn).toHaveLength(12);
  const text = [3, 1, 6];
  for (const { token, logProbability } of drawn) {
    expect(logProbability).toBeCloseTo(afterPrefix(text).at(token), 12);
    text.push(token);
  }
});

it('is the most likely token with temperature 0', async () => {
  const text = [2];
  for (const { token } of await collect({ prompt: [2], maxNewTokens: 8, temperature: 0 })) {
    const scores = [...afterPrefix(text).data];
    expect(token).toBe(scores.indexOf(Math.max(...scores)));
    text.push(token);
  }
});

it('reads one token a step: the cost of a token does not depend on what came before', async () => {
  const counted = makeModel();
  const read: number[] = [];
  const { forward, step } = counted;
  counted.forward = (ids, ...rest) => {
    read.push(ids.size);
    return forward.call(counted, ids, ...rest);
  };
  counted.step = (ids, state) => {
    read.push(ids.size);
    return step.call(counted, ids, state);
  };
  await collect({ prompt: [1, 2, 3, 4], maxNewTokens: 5 }, counted);
  expect(read).toEqual([4, 1, 1, 1, 1]);
});

it('draws the same from the same seed, and goes on with a generator', async () => {
  const run = async (seed: number | Rng) => idsOf(await collect({ prompt: [0], maxNewTokens: 10, seed }));
  expect(await run(1)).toEqual(await run(1));
  expect(await run(1)).not.toEqual(await run(2));
  const rng = new Rng(1);
  expect(await run(rng)).toEqual(await run(1));
  expect(await run(rng)).not.toEqual(await run(1));
});

it('goes on from a state as if it had never stopped', async () => {
  const rng = new Rng(9);
  const options = { prompt: [4, 2], maxNewTokens: 6 };
  const whole = await collect({ ...options, maxNewTokens: 10, seed: new Rng(9) });
  const first = await collect({ ...options, seed: rng });
  const { token, state } = first[5];
  const second = await collect({ prompt: [token], state, maxNewTokens: 4, seed: rng });
  expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(whole));
  // A state that was yielded stays what it was, however much is drawn after it.
  const prefix = [4, 2, ...idsOf(first).slice(0, 2)];
  const { state: early } = first[2];
  const next = afterPrefix([first[2].token], early);
  expect(next.at(3)).toBeCloseTo(afterPrefix([...prefix, first[2].token]).at(3), 12);
});

describe('many short texts', () => {
  it('take no more memory of the backend than one', async () => {
    const backend = wasmBackend({ memoryMiB: 64 });
    let bytes = 0;
    const counting: Backend = Object.assign(Object.create(backend) as Backend, {
      allocate: (...given: Parameters<Backend['allocate']>) => {
        const tensor = backend.allocate(...given);
        bytes += tensor.data.byteLength;
        return tensor;
      },
      release: (tensor: Tensor) => {
        bytes -= tensor.data.byteLength;
        backend.release(tensor);
      },
    });
    for (const name of ['gemm', 'pack', 'gemmPacked', 'rowwise', 'load', 'temporary'] as const) {
      Object.assign(counting, { [name]: backend[name].bind(backend) });
    }
    counting.temporary = (shape, dtype, options) =>
      counting.workspace?.temporary(shape, dtype, options) ?? Tensor.zeros(shape, dtype);
    const counted = makeModel({ backend: counting, dtype: 'float32' });
    const text = (maxNewTokens = 3) => collect({ prompt: [1], maxNewTokens }, counted);
    await text();
    const once = bytes;
    for (let n = 0; n < 5; n++) await text(n);
    for await (const _token of generate(counted, { prompt: [2] })) break;
    await Promise.all([text(), text(), text()]);
    expect(bytes).toBe(once);
  });

  it('of one model at the same time are each what they are alone', async () => {
    const alone = await Promise.all([1, 2, 3].map((seed) => collect({ prompt: [seed], seed }, makeModel())));
    const together = await Promise.all([1, 2, 3].map((seed) => collect({ prompt: [seed], seed })));
    expect(together.map(idsOf)).toEqual(alone.map(idsOf));
  });
});

it('stops behind a stop token, and after maxNewTokens', async () => {
  const free = idsOf(await collect({ prompt: [0], maxNewTokens: 40, seed: 3 }));
  const stop = free[7];
  const until = free.indexOf(stop) + 1;
  expect(idsOf(await collect({ prompt: [0], maxNewTokens: 40, seed: 3, stopTokens: [stop] }))).toEqual(
    free.slice(0, until),
  );
  expect(await collect({ prompt: [0], maxNewTokens: 0 })).toEqual([]);
  expect(await collect({ prompt: [0] })).toHaveLength(100);
});

describe('abort', () => {
  it('draws nothing when the signal is aborted already', async () => {
    expect(await collect({ prompt: [0], signal: AbortSignal.abort() })).toEqual([]);
  });

  it('draws no further token', async () => {
    const controller = new AbortController();
    let drawn = 0;
    for await (const _token of generate(model, { prompt: [0], signal: controller.signal })) {
      if (++drawn === 3) controller.abort();
    }
    expect(drawn).toBe(3);
  });

  it('hears a timer while it draws', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort());
    const { length } = await collect({ prompt: [0], maxNewTokens: 100_000, signal: controller.signal });
    expect(length).toBeLessThan(100_000);
  });
});

describe('text', () => {
  /** Two tokens a character: a is 1 2, b is 1 3; 0 is a space. What is incomplete is shown as ?. */
  const pairs: TextCodec = {
    encode: (text) => [...text].flatMap((c) => (c === ' ' ? [0] : [1, c === 'a' ? 2 : 3])),
    decode: () => '!',
    createDecoder() {
      let open = false;
      return {
        push(id) {
          if (id === 1) open = true;
          else if (open) {
            open = false;
            return id === 2 ? 'a' : 'b';
          } else return id === 0 ? ' ' : '?';
          return '';
        },
        flush: () => (open ? '?' : ''),
      };
    },
  };
  /** A model that says exactly these tokens. */
  const saying = (tokens: number[]) => {
    let said = 0;
    const fake = makeModel();
    const scores = (ids: Tensor) => {
      const logits = Tensor.full([ids.shape[0], V], -1e9, 'float64');
      logits.data[logits.size - V + tokens[said++]] = 0;
      return logits;
    };
    fake.step = scores;
    fake.forward = ((ids: Tensor) => ({
      logits: scores(ids).reshape([-1, 1, V]),
      state: fake.zeroState(1),
    })) as unknown as typeof fake.forward;
    return fake;
  };
  const texts = async (tokens: number[], options: Partial<GenerateOptions<RecurrentState>> = {}) => {
    const given = { prompt: ' ', tokenizer: pairs, maxNewTokens: tokens.length, ...options };
    return (await collect(given, saying(tokens))).map(({ text }) => text);
  };

  it('comes with the token that completes a character', async () => {
    expect(await texts([1, 2, 0, 1, 3])).toEqual(['', 'a', ' ', '', 'b']);
  });

  it('goes on with a character that the prompt has begun', async () => {
    expect(await texts([2, 0], { prompt: [1] })).toEqual(['a', ' ']);
  });

  it('is flushed with the last token, by number or by stop token', async () => {
    expect(await texts([0, 1])).toEqual([' ', '?']);
    expect(await texts([0, 1, 2], { stopTokens: [1] })).toEqual([' ', '?']);
  });

  it('is the decoded token where the tokenizer has no decoder, and empty without a tokenizer', async () => {
    const { encode } = pairs;
    const plain = { encode, decode: ([id]: number[]) => `<${id}>` };
    expect(await texts([2, 3], { tokenizer: plain })).toEqual(['<2>', '<3>']);
    expect(await texts([2, 3], { tokenizer: undefined, prompt: [0] })).toEqual(['', '']);
  });

  it('reads a text prompt as its tokens', async () => {
    const [a, b] = ['a b', [1, 2, 0, 1, 3]];
    const drawn = async (prompt: string | number[]) =>
      (await collect({ prompt, tokenizer: pairs, maxNewTokens: 4 })).map(
        ({ logProbability }) => logProbability,
      );
    expect(await drawn(a)).toEqual(await drawn(b));
  });
});

it('penalises tokens of the prompt and those drawn before', async () => {
  const drawn = idsOf(
    await collect({ prompt: [5], maxNewTokens: V - 1, temperature: 0, repetitionPenalty: 1e6 }),
  );
  // A score below 0 falls to −∞ in effect, one above 0 to 0: only tokens with a positive score may come again.
  const seen = new Set([5]);
  const text = [5];
  for (const token of drawn) {
    const { logits } = model.forward(Tensor.from(text, { shape: [text.length, 1], dtype: 'int32' }));
    const z = [...logits.row(text.length - 1).row(0).data].map((score, k) =>
      seen.has(k) ? (score > 0 ? score / 1e6 : score * 1e6) : score,
    );
    expect(token).toBe(z.indexOf(Math.max(...z)));
    seen.add(token);
    text.push(token);
  }
});

it('is the same for a batch-first model, and on the default backend in float32', async () => {
  const options = { prompt: [3, 1, 6], maxNewTokens: 12, seed: 5 };
  const drawn = idsOf(await collect(options));
  for (const other of [{ batchFirst: true }, { dtype: 'float32' as const }]) {
    const copy = makeModel(other);
    copy.loadStateDict(model.stateDict());
    expect(idsOf(await collect(options, copy))).toEqual(drawn);
  }
});

it('refuses what cannot be, by name and with the remedy', async () => {
  const refusal = (options: Partial<GenerateOptions<RecurrentState>>, from = model) =>
    expect(collect({ prompt: [0], ...options }, from)).rejects;
  await refusal({ prompt: [] }).toThrow(
    new ConfigError(
      'generate: prompt is empty. Give at least one token; a model of lines starts from its end-of-line token.',
    ),
  );
  await refusal({ prompt: 'abc' }).toThrow(
    new ConfigError('generate: prompt is a text and there is no tokenizer. Give one, or token ids.'),
  );
  await refusal({}, makeModel({ bidirectional: true })).toThrow(
    new ConfigError('generate: the model is bidirectional and would need the tokens that are not drawn yet.'),
  );
  await refusal({ prompt: [V] }).toThrow('RNN.step: x holds the token id 7, expected 0 to inputSize−1 = 6.');
  const wrong: [Partial<GenerateOptions<RecurrentState>>, string][] = [
    [
      { temperature: -1 },
      "temperature is -1, expected a number ≥ 0 (0 is greedy, 1 the model's own distribution)",
    ],
    [{ topK: 0 }, 'topK is 0, expected an integer ≥ 1 (leave it out to keep every token)'],
    [{ topP: 0 }, 'topP is 0, expected a probability above 0 and up to 1 (1 keeps every token)'],
    [{ minP: 2 }, 'minP is 2, expected a number from 0 to 1 (0 keeps every token)'],
    [{ repetitionPenalty: 0 }, 'repetitionPenalty is 0, expected a number > 0 (1 is no penalty)'],
    [{ maxNewTokens: 1.5 }, 'maxNewTokens is 1.5, expected an integer ≥ 0'],
  ];
  for (const [options, text] of wrong) await refusal(options).toThrow(new ConfigError(`generate: ${text}.`));
});
