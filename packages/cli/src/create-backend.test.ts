import { blasBackend } from '@rnnlab/backend-blas';
import { expect, it } from 'vitest';
import { createBackend, loadBackendBlas } from './create-backend';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, temporaryFile } from './testing/small-corpus';

const command = async (...args: string[]) => {
  const io = capturedIO();
  const code = await main(args, io);
  return { code, out: io.out(), err: io.err() };
};

it('leaves the choice to the library when nothing is asked for', async () => {
  expect(await createBackend({})).toBeUndefined();
});

it.each([
  [{ backend: 'wasm' }, 'wasm'],
  [{ backend: 'reference' }, 'reference'],
  [{ backend: 'reference', threads: 1 }, 'reference'],
  [{ threads: 2 }, 'wasm, 2 threads'],
] as const)('%j is %s', async (options, name) => {
  expect((await createBackend(options))!.name).toBe(name);
});

it('refuses threads of the reference', async () => {
  await expect(createBackend({ backend: 'reference', threads: 2 })).rejects.toThrow(
    '--backend reference has one thread: leave --threads out, or use wasm.',
  );
});

it('says what to install for blas', async () => {
  const missing = Object.assign(new Error("Cannot find package '@rnnlab/backend-blas'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(loadBackendBlas(() => Promise.reject(missing))).rejects.toThrow(
    '--backend blas needs @rnnlab/backend-blas, which is not installed: npm install @rnnlab/backend-blas.',
  );
  const broken = new Error('koffi is broken');
  await expect(loadBackendBlas(() => Promise.reject(broken))).rejects.toThrow(broken);
});

/** In CI there has to be one. */
function hasBlas(): boolean {
  try {
    return blasBackend({ memoryMiB: 64 }) !== undefined;
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    process.emitWarning(`rnnlab --backend blas is NOT tested. ${(error as Error).message}`);
    return false;
  }
}

it('trains, resumes, measures and writes on the backend asked for, with the same losses', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const losses: number[] = [];
  for (const backend of ['wasm', 'reference', ...(hasBlas() ? ['blas'] : [])]) {
    const out = `${file}.${backend}.safetensors`;
    const chosen = ['--backend', backend];
    const trained = await command('train', file, '--hidden', '9', '--epochs', '1', '--out', out, ...chosen);
    expect([trained.code, trained.err]).toEqual([0, '']);
    const resumed = await command('resume', out, '--epochs', '2', '--json', ...chosen);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    const measured = await command('eval', out, '--json', ...chosen);
    losses.push(JSON.parse(measured.out).nats);
    const written = await command('generate', out, '--count', '1', '--seed', '3', ...chosen);
    expect([written.code, written.err]).toEqual([0, '']);
  }
  for (const loss of losses) expect(loss).toBeCloseTo(losses[0], 4);
});

it.each([
  ['--backend', 'gpu', /'gpu' is invalid.*wasm, blas, reference/],
  ['--threads', '0', /Expected 'auto' or an integer from 1 to 64/],
  ['--threads', 'many', /Expected 'auto' or an integer from 1 to 64/],
])('refuses %s %s', async (option, value, message) => {
  const { code, err } = await command('train', 'names.txt', option, value);
  expect(code).toBe(1);
  expect(err).toMatch(message);
});
