/**
 * A process that does nothing but save checkpoints is killed (SIGKILL, which it cannot notice) at seeded random
 * moments. Afterwards the path must always hold a whole checkpoint: the last one that was reported as saved, or a
 * later one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Rng } from '@rnnlab/tensor';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCheckpoint } from './checkpoint-file';

const kills = 24;
const size = 100_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-kill-'));
  await build({
    stdin: {
      contents: `
        import { Tensor } from '@rnnlab/tensor';
        import { saveCheckpoint } from './checkpoint-file';
        for (let step = Number(process.argv[3]); ; step++) {
          const tensors = new Map(['a', 'b', 'c'].map((name) => [name, Tensor.full([${size}], step)]));
          const history = Array.from({ length: 50 }, (_, i) => ({ type: 'mark', step, i }));
          await saveCheckpoint(process.argv[2], { model: { cell: 'rnn', vocabSize: 1, hiddenSize: 1 }, tensors, history });
          process.stdout.write(step + '\\n');
        }`,
      resolveDir: dirname(fileURLToPath(import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(folder, 'save-loop.mjs'),
    logLevel: 'silent',
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`leaves a readable checkpoint in each of ${kills} kills at random moments`, async () => {
  const rng = new Rng(3);
  const path = join(folder, 'run', 'x.safetensors');
  let next = 0;
  let cut = 0;
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [join(folder, 'save-loop.mjs'), path, String(next)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child.stdout, 'data');
    await sleep(rng.uniform(0, 25));
    child.kill('SIGKILL');
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGKILL');

    const reported = Number(output.trimEnd().split('\n').at(-1));
    const { tensors, history } = await loadCheckpoint(path);
    const step = history[0].step as number;
    expect(step).toBeGreaterThanOrEqual(reported);
    expect(step).toBeLessThanOrEqual(reported + 1);
    for (const tensor of tensors.values()) expect(tensor.data.every((x) => x === step)).toBe(true);
    const left = (await readdir(dirname(path))).length - 1;
    expect(left).toBeLessThanOrEqual(1);
    cut += left;
    next = step + 1;
  }
  // Some kills must have come in the middle of writing, or nothing was tested.
  expect(cut).toBeGreaterThan(1);
});
