/**
 * N steps + save + end of the process + load + N steps = 2N steps, bit for bit: weights, optimizer slots, carried
 * state, losses, evaluations and samples. Everything is compared exactly; only times may differ.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Rng } from '@rnnlab/tensor';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFromCheckpoint, weightsOf } from './model-from-checkpoint';
import { loadCheckpoint, saveCheckpoint } from './node/checkpoint-file';
import { StreamedTextDataset } from './node/streamed-text-dataset';
import {
  backends,
  cells,
  collect,
  datasets,
  exact,
  makeTrainer,
  optimizers,
  type Setup,
} from './testing/resume-setup';
import { TextDataset } from './text-dataset';
import type { TrainerEvent } from './trainer-events';
import type { TrainerState } from './trainer-state';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-resume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** `n` steps, save, forget everything, load, steps up to `2n`: the events of both halves and the last state. */
async function inTwoHalves(setup: Setup, n: number): Promise<{ events: unknown[]; state: TrainerState }> {
  const path = join(folder, 'halves.safetensors');
  const first = makeTrainer(setup, 2 * n);
  const before = await collect(first, n);
  await saveCheckpoint(path, { model: first.options.model.config, ...first.stateDict() });

  const second = makeTrainer({ ...setup, seed: 99 }, 2 * n);
  const { progress, tensors } = await loadCheckpoint(path);
  second.loadStateDict({ progress: progress!, tensors });
  const after = await collect(second);
  return { events: [...before, ...after], state: second.stateDict() };
}

describe('N steps + save + load + N steps = 2N steps, bit for bit', () => {
  it.each(Object.keys(datasets))('with every kind of event: %s', async (dataset) => {
    // 7 is the middle of an epoch (3 and 10 steps) and no multiple of any interval.
    const setup: Setup = { cell: 'lstm', optimizer: 'Adam', dataset };
    const whole = makeTrainer(setup, 14);
    const events = await collect(whole);
    const halves = await inTwoHalves(setup, 7);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
    const types = new Set((events as TrainerEvent[]).map(({ type }) => type));
    expect([...types].sort()).toEqual(['checkpoint', 'epoch', 'evaluation', 'sample', 'step']);
  });

  it('from a text in files, and from there to one in memory', async () => {
    const path = join(folder, 'long.txt');
    const text = Array.from({ length: 9000 }, (_, k) => 'etaoin shrdlu'[(k * k) % 13]).join('');
    await writeFile(path, text);
    const options = { seqLen: 7, validationFraction: 0.01 };
    const streamed = await StreamedTextDataset.open(path, options);
    const memory = new TextDataset(text, options);
    const setup: Setup = { cell: 'gru', optimizer: 'RMSProp', dataset: streamed };
    const whole = makeTrainer(setup, 14);
    const events = await collect(whole);
    const halves = await inTwoHalves(setup, 7);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
    expect(await collect(makeTrainer({ ...setup, dataset: memory }, 14))).toEqual(events);
    const other = makeTrainer({ ...setup, dataset: memory }, 20);
    other.loadStateDict(halves.state);
    await collect(other);
    const further = makeTrainer(setup, 20);
    await collect(further);
    expect(exact(other.stateDict())).toEqual(exact(further.stateDict()));
  });

  it.each([1, 2, 3, 4, 5, 6, 8, 9, 10])('saved at step %i, where something else is due', async (n) => {
    const setup: Setup = { cell: 'lstm', optimizer: 'Adam', dataset: n % 2 ? 'lines' : 'text' };
    const whole = makeTrainer(setup, 2 * n);
    const events = await collect(whole);
    const halves = await inTwoHalves({ ...setup }, n);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
  });

  it('with accumulated gradients and a learning-rate schedule', async () => {
    const options = { accumulationSteps: 2, learningRate: (step: number) => 0.02 / (1 + step) };
    const setup: Setup = { cell: 'gru', optimizer: 'Adam', dataset: 'text', options };
    const whole = makeTrainer(setup, 14);
    const events = await collect(whole);
    const halves = await inTwoHalves(setup, 7);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
  });

  it('with an average of the weights, which evaluations, samples and the end use', async () => {
    const setup: Setup = { cell: 'lstm', optimizer: 'Adam', dataset: 'text' };
    const averaged: Setup = { ...setup, options: { weightAverage: { decay: 0.8 } } };
    const whole = makeTrainer(averaged, 14);
    const events = await collect(whole);
    const halves = await inTwoHalves(averaged, 7);
    expect(halves.events).toEqual(events);
    expect(exact(halves.state)).toEqual(exact(whole.stateDict()));
    const names = [...halves.state.tensors.keys()].filter((name) => name.startsWith('average.'));
    expect(names).toHaveLength(whole.options.model.parameters().length);

    // Training itself is the same as without one, up to what evaluations measure.
    const plain = await collect(makeTrainer(setup, 14));
    const steps = (all: unknown[]) => (all as TrainerEvent[]).filter(({ type }) => type === 'step');
    expect(steps(events)).toEqual(steps(plain));
    expect(events).not.toEqual(plain);
  });

  it('would notice a single bit', async () => {
    const trainer = makeTrainer({ cell: 'rnn', optimizer: 'SGD', dataset: 'lines' }, 2);
    await collect(trainer);
    const [one, other] = [trainer.stateDict(), trainer.stateDict()];
    expect(exact(one)).toEqual(exact(other));
    const { data } = other.tensors.get('head.bias')!;
    new Uint8Array(data.buffer, data.byteOffset)[0] ^= 1;
    expect(exact(one)).not.toEqual(exact(other));
  });
});

/**
 * The process that is killed. `begin` takes every setup to step n, saves, and goes on training, unsaved, until it is
 * killed. `end` goes on from the files to step 2n and saves. `run` goes on from one file and saves at every checkpoint
 * event: what `rnnlab resume` does.
 */
const script = `
  import { loadCheckpoint, saveCheckpoint } from './node/checkpoint-file';
  import { backends, collect, makeTrainer } from './testing/resume-setup';
  const { task, setups, backend, n, options } = JSON.parse(process.argv[2]);
  const place = backends[backend]();
  const load = async (trainer, path) => {
    const { progress, tensors } = await loadCheckpoint(path);
    trainer.loadStateDict({ progress, tensors });
  };
  const save = (trainer, path) => saveCheckpoint(path, { model: trainer.options.model.config, ...trainer.stateDict() });
  for (const { path, ...setup } of setups) {
    const trainer = makeTrainer({ ...setup, backend: place, options, seed: task === 'begin' ? 1 : 99 }, 2 * n);
    if (task !== 'begin') await load(trainer, path);
    if (task === 'run') {
      for await (const event of trainer.run()) {
        if (event.type !== 'checkpoint' || event.reason === 'stop') continue;
        await save(trainer, path);
        process.stdout.write(event.step + '\\n');
      }
      continue;
    }
    await collect(trainer, task === 'begin' ? n : Infinity);
    await save(trainer, path);
    if (task === 'begin') await collect(trainer, n + 2);
  }
  if (task === 'begin') {
    process.stdout.write('saved');
    for (;;) await collect(makeTrainer({ ...setups[0], backend: place }, 50));
  }
  process.exit(0); // threads need not be waited for
`;

describe('a run whose process is killed', () => {
  const start = (task: string, options: object) =>
    spawn(process.execPath, [join(folder, 'child.mjs'), JSON.stringify({ task, ...options })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  beforeAll(() =>
    build({
      stdin: {
        contents: script,
        resolveDir: dirname(fileURLToPath(import.meta.url)),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: join(folder, 'child.mjs'),
      logLevel: 'silent',
    }),
  );

  const kinds = Object.keys(datasets);
  it.each(Object.keys(backends))(
    'every cell with every optimizer: %s',
    { timeout: 60_000 },
    async (backend) => {
      const n = 7;
      const setups = cells.flatMap((cell, c) =>
        Object.keys(optimizers).map((optimizer, o) => ({
          cell,
          optimizer,
          dataset: kinds[(c + o) % kinds.length],
          path: join(folder, `${cell}-${optimizer}.safetensors`),
        })),
      );
      const first = start('begin', { setups, backend, n });
      const closed = once(first, 'close');
      const said = once(first.stdout, 'data').then(String);
      expect(await Promise.race([said, closed])).toBe('saved');
      first.kill('SIGKILL');
      expect(await closed).toEqual([null, 'SIGKILL']);
      const halves = await Promise.all(setups.map(({ path }) => loadCheckpoint(path)));
      expect(new Set(halves.map(({ progress }) => progress!.step))).toEqual(new Set([n]));
      const second = start('end', { setups, backend, n });
      expect(await once(second, 'close')).toEqual([0, null]);

      const place = backends[backend]();
      for (const { path, ...setup } of setups) {
        const whole = makeTrainer({ ...setup, backend: place }, 2 * n);
        await collect(whole);
        const { progress, tensors } = await loadCheckpoint(path);
        expect(exact({ progress: progress!, tensors }), path).toEqual(exact(whole.stateDict()));
      }
    },
  );

  const runs: (Setup & { dataset: string })[] = [
    { cell: 'lstm', optimizer: 'Adam', dataset: 'text' },
    { cell: 'gru', optimizer: 'RMSProp', dataset: 'lines' },
    { cell: 'rnn', optimizer: 'Momentum', dataset: 'streams' },
  ];
  it.each(runs)('again and again, at random moments: $cell, $optimizer, $dataset', async (setup) => {
    const n = 75;
    const maxKills = 5;
    const options = { checkpointEvery: { steps: 1 } };
    const path = join(folder, `killed-${setup.cell}.safetensors`);
    const begun = makeTrainer({ ...setup, options }, 2 * n);
    await saveCheckpoint(path, { model: begun.options.model.config, ...begun.stateDict() });

    const rng = new Rng(8);
    let kills = 0;
    for (let finished = false; !finished; ) {
      const child = start('run', { setups: [{ ...setup, path }], backend: 'wasm', n, options });
      const closed = once(child, 'close');
      await Promise.race([once(child.stdout, 'data'), closed]);
      child.stdout.resume();
      if (kills < maxKills) {
        await Promise.race([sleep(rng.uniform(0, 60)), closed]);
        child.kill('SIGKILL');
      }
      const [code, signal] = await closed;
      if (signal === 'SIGKILL') kills++;
      else expect(code).toBe(0);
      finished = (await loadCheckpoint(path)).progress!.step === 2 * n;
    }
    expect(kills).toBeGreaterThan(1);

    const whole = makeTrainer({ ...setup, options, backend: backends.wasm() }, 2 * n);
    const saved: TrainerState[] = [];
    for await (const event of whole.run()) {
      if (event.type === 'checkpoint' && event.reason !== 'stop') saved.push(whole.stateDict());
    }
    const checkpoint = await loadCheckpoint(path);
    const { progress, tensors } = checkpoint;
    expect(exact({ progress: progress!, tensors })).toEqual(exact(saved.at(-1)!));
    expect(modelFromCheckpoint(checkpoint).stateDict()).toEqual(weightsOf(checkpoint));
  });
});
