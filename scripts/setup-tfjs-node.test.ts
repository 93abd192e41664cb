/** What scripts/setup-tfjs-node.mjs says where it cannot build; that it builds is what CI does before the tests. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const script = fileURLToPath(new URL('setup-tfjs-node.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tfjs-node-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs it on a machine that has Node and nothing else. */
function setup(...parameters: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...parameters], { env: { PATH: folder } }, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, output: (stdout + stderr).trim() }),
    );
  });
}

it('refuses a folder that is not the package', async () => {
  expect(await setup(folder)).toEqual({
    code: 1,
    output: `${folder} is no package of tfjs-node. Install it first: npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0`,
  });
});

it('says what to run when the addon is not built', async () => {
  writeFileSync(join(folder, 'binding.gyp'), '{}');
  expect(await setup('--check', folder)).toEqual({
    code: 1,
    output: 'The addon of @tensorflow/tfjs-node is not built. Mend it with: node scripts/setup-tfjs-node.mjs',
  });
});

it('names everything that the machine lacks', async () => {
  const { code, output } = await setup(folder);
  expect(code).toBe(1);
  if (process.platform === 'linux' && process.arch === 'x64') {
    expect(output).toBe(
      'Missing on this machine: python3 with pip (Debian: apt-get install python3-pip), a C++ compiler (Debian: apt-get install g++), make (Debian: apt-get install make).',
    );
  } else {
    expect(output).toContain('This script builds on Linux x64 with glibc, this is');
  }
});

it('takes an addon whose library is gone for not built', async () => {
  mkdirSync(join(folder, 'lib/napi-v8'), { recursive: true });
  mkdirSync(join(folder, 'deps/lib'), { recursive: true });
  writeFileSync(join(folder, 'lib/napi-v8/tfjs_binding.node'), '');
  const library = join(folder, 'deps/lib/libtensorflow.so');
  symlinkSync(join(folder, 'library'), library);
  expect((await setup('--check', folder)).code).toBe(1);
  writeFileSync(join(folder, 'library'), '');
  expect(await setup('--check', folder)).toEqual({ code: 0, output: 'the addon of tfjs-node is there' });
});
