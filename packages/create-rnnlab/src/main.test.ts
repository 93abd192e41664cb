import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from './main';

let place: string;
let printed: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'create-rnnlab-'));
  printed = '';
  vi.stubEnv('npm_config_user_agent', 'npm/11.0.0 node/v22');
  const take = (chunk: string | Uint8Array) => {
    printed += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(take);
  vi.spyOn(process.stderr, 'write').mockImplementation(take);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(place, { recursive: true, force: true });
});

it('asks nothing where nobody can answer, and says what to do next', async () => {
  const folder = join(place, 'names');
  expect(await main([folder, '--cell', 'rnn', '--yes'])).toBe(0);
  expect(await readdir(folder)).toContain('package.json');
  expect(printed).toMatch(/Next: cd .*names && npm install && npm run train/);
});

it('tells a mistake in one sentence', async () => {
  expect(await main([place, '--yes', '--text', join(place, 'no.txt')])).toBe(1);
  expect(printed).toContain(`create-rnnlab: Text "${join(place, 'no.txt')}": there is no such file.`);
  expect(await readdir(place)).toEqual([]);
});

it('helps', async () => {
  expect(await main(['--help'])).toBe(0);
  expect(printed).toContain('--cell CELL');
});
