/**
 * A copy of the sources in the temporary folder, in which one file is changed and the tests are run. The checkout
 * is never written to. What tests only read (fixtures, installed packages) is linked.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const copied = ['src', 'kernels', 'package.json', 'tsconfig.json'];
const linked = ['fixtures', 'node_modules'];
const configuration = [
  'package.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'tsconfig.tools.json',
  'vitest.config.ts',
  'vitest.setup.ts',
  'scripts/build-kernels.mjs',
  'scripts/cached-openblas.mjs',
  'scripts/compile-kernels.mjs',
];
/** A run of a few seconds that lasts so long hangs, which proves nothing. */
const TIME_LIMIT = 120_000;

/** Makes a copy. `remove()` it when done. */
export function createSandbox() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rnnlab-mutations-')));
  for (const file of configuration) copy(file);
  // A folder of links instead of one link, so that vite's cache lands in the copy.
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.vite')) link(`node_modules/${name}`);
  }
  for (const name of readdirSync(join(root, 'packages'))) {
    mkdirSync(join(folder, 'packages', name), { recursive: true });
    for (const part of copied) copy(`packages/${name}/${part}`);
    for (const part of linked) link(`packages/${name}/${part}`);
  }
  return {
    test: (files, only) => runTests(folder, files, only),
    mutate: (mutation, work) => whileMutated(folder, mutation, work),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };

  function copy(path) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  function link(path) {
    const target = join(root, path);
    if (existsSync(target)) symlinkSync(target, join(folder, path), 'junction');
  }
}

/** The text of `source` with every edit applied. Throws unless each `find` is there exactly once. */
export function applyEdits(source, { what, file, edits }) {
  return edits.reduce((text, [find, replace]) => {
    const count = text.split(find).length - 1;
    if (count !== 1)
      throw new Error(`${what}: in ${file}, ${JSON.stringify(find)} is there ${count} times, expected 1.`);
    return text.replace(find, () => replace);
  }, source);
}

/** Does `work` with the mutation in place, and puts the sources back. Kernels of the tested packages are compiled. */
async function whileMutated(folder, mutation, work) {
  const path = join(folder, mutation.file);
  const source = readFileSync(path, 'utf8');
  const isKernel = mutation.file.endsWith('.as.ts');
  const compiled = isKernel ? [...new Set(mutation.tests.map((test) => test.split('/')[1]))] : [];
  const generated = compiled.map((name) => {
    const file = join(folder, 'packages', name, 'src/generated/kernels.wasm.ts');
    return [file, readFileSync(file, 'utf8')];
  });
  writeFileSync(path, applyEdits(source, mutation));
  try {
    if (isKernel) {
      const { code, output } = await run(folder, ['scripts/build-kernels.mjs', ...compiled]);
      if (code !== 0) throw new Error(`${mutation.what}: the kernel does not compile:\n${output}`);
    }
    return await work();
  } finally {
    writeFileSync(path, source);
    for (const [file, text] of generated) writeFileSync(file, text);
  }
}

/**
 * Runs test files up to their first failure, one file after the other.
 *
 * @param {string | undefined} only a regular expression for the names of the tests
 * @returns {Promise<{ green: boolean, passed: number, failed?: { name: string, message: string }, broken?: string }>}
 *   `broken` says why there is no verdict: a file that does not load or a run that hangs kills no mutation
 */
async function runTests(folder, files, only) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const filter = only ? ['--testNamePattern', only] : [];
  const reporter = ['--reporter=json', `--outputFile=${report}`, '--bail=1', '--no-file-parallelism'];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { code, output } = await run(folder, [vitest, 'run', ...files, ...filter, ...reporter]);
  if (!existsSync(report)) return { green: false, passed: 0, broken: code === null ? 'it hangs' : output };
  const { testResults, numPassedTests: passed } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = testResults
    .flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ ...test, file: name })))
    .find(({ status }) => status === 'failed');
  if (failed) {
    const message = failed.failureMessages.join('\n');
    const broken = /^(SyntaxError|ReferenceError)/.test(message) ? message : undefined;
    return {
      green: false,
      passed,
      failed: { name: `${basename(failed.file)}: ${failed.fullName}`, message },
      broken,
    };
  }
  const unloaded = testResults.find(({ status }) => status === 'failed');
  if (unloaded) return { green: false, passed, broken: unloaded.message };
  return { green: code === 0 && passed > 0, passed, broken: code === 0 ? undefined : output };
}

/** `code` is null when the time limit ended the run. */
function run(cwd, parameters) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, parameters, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output: Buffer.concat(chunks).toString() });
    });
  });
}
