/**
 * How much memory reading a hostile file takes: less than four times the file, result and all that is allocated on the
 * way included, measured as the peak of a process by the operating system. Files of about 16 MB, so that what the engine
 * needs for itself is small beside it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'rnnlab-safetensors-'));
const module = join(folder, 'read.mjs');
const program = fileURLToPath(new URL('testing/hostile-safetensors.mjs', import.meta.url));

beforeAll(async () => {
  const entry = fileURLToPath(new URL('safetensors-read.ts', import.meta.url));
  await build({ entryPoints: [entry], bundle: true, format: 'esm', outfile: module, logLevel: 'error' });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  size: number;
  grown: number;
  outcome: string;
}

function read(name: string): Outcome {
  const run = (flags: string[], args: string[], input?: Uint8Array) =>
    execFileSync(process.execPath, [...flags, program, pathToFileURL(module).href, name, ...args], {
      input,
      maxBuffer: 2 ** 28,
    });
  const file = run([], ['write']);
  // A small young generation: garbage that was not collected yet is not what is asked about.
  return JSON.parse(String(run(['--expose-gc', '--max-semi-space-size=1'], [], file))) as Outcome;
}

/** What the engine takes for itself: compiled code, and garbage that waits. */
const ENGINE = 8 * 2 ** 20;

describe.runIf(existsSync('/proc/self/status'))('reading takes less than four times the file', () => {
  it.each([
    ['empty tensors', /^\d{6} tensors, 0 metadata$/],
    ['empty tensors with field names', /^\d{6} tensors, 0 metadata$/],
    ['tensors in reverse order', /^\d{6} tensors, 0 metadata$/],
    ['names with escapes', /^\d{6} tensors, 0 metadata$/],
    ['metadata keys', /^0 tensors, \d{7} metadata$/],
    ['metadata keys and a second one at the end', /expected no second key "0" before here/],
    ['one long metadata value', /^0 tensors, 1 metadata$/],
    ['keys of an unknown field', /tensor "w" lacks dtype, shape or data_offsets/],
    ['one tensor of many dimensions', /^1 tensors, 0 metadata$/],
    ['brackets without end', /at most 127 levels of nesting/],
    ['no UTF-8 at the very end', /the header is not valid UTF-8/],
  ])('%s', { timeout: 60_000 }, (name, outcome) => {
    const found = read(name);
    expect(found.outcome).toMatch(outcome);
    expect(found.size).toBeGreaterThan(15e6);
    expect(found.grown / 2 ** 20).toBeLessThan((4 * found.size + ENGINE) / 2 ** 20);
  });

  it('and the measure sees objects: asked for all of them, it is more', { timeout: 60_000 }, () => {
    const { size, grown } = read('empty tensors, all asked for');
    expect(grown).toBeGreaterThan(4 * size + ENGINE);
  });
});
