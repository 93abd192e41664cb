/**
 * What users get: packs every public package and installs the tarballs in a folder outside the workspace.
 *
 * - `@rnnlab/lstm` and `@rnnlab/optimizers` alone: nothing but their sisters is installed, without network;
 *   they run as ES modules and as CommonJS, and type-check under `nodenext`.
 * - All packages: every entry point of every `exports` map loads both ways, and every `bin` answers --help.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'rnnlab-pack-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));

const manifests = readdirSync(join(root, 'packages'))
  .map((name) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')))
  .filter((manifest) => !manifest.private);
const tarball = ({ name, version }) =>
  join(place, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
const tarballs = Object.fromEntries(
  manifests.map((manifest) => [manifest.name, `file:${tarball(manifest)}`]),
);

async function must(what, command, parameters, options) {
  const { ok, output } = await run(command, parameters, options);
  return ok ? output : fail(what, output);
}

function fail(what, output) {
  console.error(`${what}: failed\n${output}`);
  process.exit(1);
}

/** A fresh project with `names` as its dependencies; sisters come from the tarballs too. */
async function project(folder, names, ...flags) {
  const cwd = join(place, folder);
  mkdirSync(cwd);
  const dependencies = Object.fromEntries(names.map((name) => [name, tarballs[name]]));
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({ private: true, dependencies, overrides: tarballs }),
  );
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
  await must(`npm install ${names.join(' ')}`, 'npm', ['install', ...quiet, ...flags], { cwd });
  return cwd;
}

const SNIPPET = `
const lstm = new LSTM({ inputSize: 3, hiddenSize: 4, seed: 1 });
const adam = new Adam(lstm.parameters(), { learningRate: 0.01 });
const { output, cache } = lstm.forward(Tensor.full([2, 1, 3], 0.5));
const before = lstm.parameters()[0].value.data.slice();
lstm.backward(cache, { output: Tensor.full(output.shape, 1) });
adam.step();
if (!lstm.parameters()[0].value.data.some((w, i) => w !== before[i])) throw new Error('the step changed nothing');
const plain = { value: Float32Array.of(1), grad: Float32Array.of(2) };
new Adam([plain], { learningRate: 0.5 }).step();
if (Math.abs(plain.value[0] - 0.5) > 1e-6) throw new Error('Adam gave ' + plain.value[0]);
`;

async function alone() {
  const cwd = await project('alone', ['@rnnlab/lstm', '@rnnlab/optimizers'], '--offline');
  const installed = readdirSync(join(cwd, 'node_modules')).filter((name) => !name.startsWith('.'));
  const sisters = readdirSync(join(cwd, 'node_modules/@rnnlab')).sort();
  if (`${installed}` !== '@rnnlab' || `${sisters}` !== 'lstm,optimizers,rnn,tensor') {
    fail(
      'Installing lstm and optimizers alone',
      `node_modules holds ${installed}, node_modules/@rnnlab ${sisters}`,
    );
  }
  const names = { LSTM: '@rnnlab/lstm', Adam: '@rnnlab/optimizers', Tensor: '@rnnlab/tensor' };
  const esm = Object.entries(names)
    .map(([name, from]) => `import { ${name} } from '${from}';\n`)
    .join('');
  const cjs = esm.replace(/import (.*) from (.*);/g, 'const $1 = require($2);');
  writeFileSync(join(cwd, 'esm.mjs'), esm + SNIPPET);
  writeFileSync(join(cwd, 'cjs.cjs'), cjs + SNIPPET);
  for (const file of ['esm.mjs', 'cjs.cjs']) await must(`node ${file}`, process.execPath, [file], { cwd });

  writeFileSync(join(cwd, 'types.mts'), esm + SNIPPET);
  writeFileSync(join(cwd, 'types.cts'), esm + SNIPPET);
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['ES2023', 'DOM'],
    strict: true,
    noEmit: true,
    types: [],
  };
  writeFileSync(
    join(cwd, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['types.mts', 'types.cts'] }),
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await must('tsc under nodenext', process.execPath, [tsc, '-p', cwd], { cwd });
}

async function everything() {
  const cwd = await project('everything', Object.keys(tarballs), '--prefer-offline');
  const entries = manifests.flatMap(({ name, exports }) =>
    Object.keys(exports)
      .filter((path) => path !== './package.json' && path !== './testing') // suites need a test runner around them
      .map((path) => ({ name: name + path.slice(1), require: Boolean(exports[path].require) })),
  );
  const load = `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    for (const entry of ${JSON.stringify(entries)}) {
      const esm = Object.keys(await import(entry.name));
      if (!esm.length) throw new Error(entry.name + ' exports nothing');
      if (!entry.require) continue;
      const cjs = Object.keys(require(entry.name));
      const missing = esm.filter((name) => name !== 'default' && name !== 'module.exports' && !cjs.includes(name));
      if (missing.length) throw new Error('require(' + entry.name + ') lacks ' + missing);
    }`;
  writeFileSync(join(cwd, 'load.mjs'), load);
  await must('loading every entry point', process.execPath, ['load.mjs'], { cwd });
  for (const { name, bin } of manifests) {
    for (const file of Object.values(bin ?? {})) {
      const help = await must(
        `${name} --help`,
        process.execPath,
        [join(cwd, 'node_modules', name, file), '--help'],
        { cwd },
      );
      if (!help.includes('--help')) fail(`${name} --help`, help);
    }
  }
  return entries.length;
}

for (const { name } of manifests) {
  const folder = join(root, 'packages', name.slice('@rnnlab/'.length));
  await must(`pnpm pack ${name}`, 'pnpm', ['pack', '--pack-destination', place], { cwd: folder });
}
await alone();
const entries = await everything();
console.log(`${manifests.length} packages packed and installed, ${entries} entry points load`);
