/**
 * Makes sure that this machine has a BLAS, so that the tests of packages/backend-blas run.
 *
 *   node scripts/setup-openblas.mjs           fetches one where there is none; nothing to do the second time
 *   node scripts/setup-openblas.mjs --check   only says whether there is one
 *
 * A BLAS of the system, or the one that RNNLAB_BLAS names, is good enough. Else OpenBLAS comes out of a Python wheel, from
 * the package index that pip is configured for: that needs no root, and works where no package of the system can be
 * fetched. It is kept in node_modules/.cache, where vitest.config.ts finds it. Needs `npm run build`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachedOpenBlas } from './cached-openblas.mjs';
import { run } from './run.mjs';

const WHEEL = 'scipy-openblas32==0.3.31.188.0';
const SHA256 = '29534062c634a635c4d86b7f238541a81a39e457048ad3d717f54843530a0112';
/** One wheel for every Python: only its library is used. */
const PLATFORM = ['--platform=manylinux2014_x86_64', '--platform=manylinux_2_17_x86_64'];
const remedy =
  'Install OpenBLAS (Debian: apt-get install libopenblas0), or run: node scripts/setup-openblas.mjs';

/** The name of a BLAS that computes. Asked in a process of its own, which a broken library may end. */
async function blasName(library) {
  const entry = new URL('../packages/backend-blas/dist/index.js', import.meta.url).href;
  const code = `import(${JSON.stringify(entry)}).then(({ blasBackend }) => {
    const { name, library } = blasBackend({ library: ${JSON.stringify(library)}, memoryMiB: 64 });
    process.stdout.write(name + ' from ' + library);
  }, (error) => { console.error(error.message); process.exitCode = 1; })
  .catch((error) => { console.error(error.message); process.exitCode = 1; });`;
  const { ok, output, stdout } = await run(process.execPath, ['-e', code]);
  return ok ? { name: stdout.trim() } : { problem: output.trim() };
}

/** The library of the wheel, in the cache: all or nothing. */
async function fetchOpenBlas() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`This script knows a wheel for Linux x64, this is ${process.platform} ${process.arch}.`);
  }
  console.log('Downloading OpenBLAS (9 MB) …');
  const folder = dirname(dirname(dirname(cachedOpenBlas)));
  const work = `${folder}-unfinished-${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', `--dest=${work}`];
    const download = await run('python3', [...pip, ...PLATFORM, WHEEL]);
    if (!download.ok) throw new Error(`pip could not download ${WHEEL}:\n${download.output}`);
    const wheel = readdirSync(work).find((file) => file.endsWith('.whl'));
    const sha256 = createHash('sha256')
      .update(readFileSync(join(work, wheel)))
      .digest('hex');
    if (sha256 !== SHA256)
      throw new Error(`The wheel has the SHA-256 ${sha256}, expected ${SHA256}. Not used.`);
    const unpack = await run('python3', ['-m', 'zipfile', '-e', join(work, wheel), work]);
    if (!unpack.ok) throw new Error(`The wheel cannot be unpacked:\n${unpack.output}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  let found = await blasName();
  if (found.problem && !process.env.RNNLAB_BLAS) {
    const system = found.problem;
    found = await blasName(cachedOpenBlas);
    if (found.problem) {
      if (process.argv.includes('--check')) throw new Error(`${system}\n${remedy}`);
      await fetchOpenBlas();
      found = await blasName(cachedOpenBlas);
    }
  }
  if (found.problem) throw new Error(found.problem);
  console.log(found.name);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
