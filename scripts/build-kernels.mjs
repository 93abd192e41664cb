/**
 * Compiles packages/<name>/kernels/index.as.ts with AssemblyScript and writes the module as a base64 string into
 * packages/<name>/src/generated/kernels.wasm.ts. That file is committed: neither a user's bundler nor a
 * contributor who does not touch kernels needs the compiler. In the same way packages/tensor/src/thread-worker.ts is
 * bundled into src/generated/thread-worker.ts, from which workers start.
 *
 *   node scripts/build-kernels.mjs           write them
 *   node scripts/build-kernels.mjs lstm gru  those of some packages
 *   node scripts/build-kernels.mjs --check   fail when one is not what its source compiles to
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { compileKernels } from './compile-kernels.mjs';

const packages = fileURLToPath(new URL('../packages', import.meta.url));
const check = process.argv.includes('--check');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
let stale = 0;

for (const name of only.length ? only : readdirSync(packages).sort()) {
  const folder = `${packages}/${name}`;
  if (existsSync(`${folder}/kernels/index.as.ts`)) {
    const module = await compileKernels(`${name}/kernels/index.as.ts`);
    const text = `/** Compiled from kernels/*.as.ts by scripts/build-kernels.mjs. Do not edit. */\nexport const wasm =\n  '${module.toString('base64')}';\n`;
    generate(`${folder}/src/generated/kernels.wasm.ts`, text, `${name}: ${module.length} bytes`);
  }
  if (existsSync(`${folder}/src/thread-worker.ts`)) {
    const script = await bundle(`${folder}/src/thread-worker.ts`);
    const text = `/** What the workers of a wasm backend run; bundled from ../thread-worker.ts by scripts/build-kernels.mjs. Do not edit. */\nexport const threadWorkerSource: string =\n  ${JSON.stringify(script)};\n`;
    generate(
      `${folder}/src/generated/thread-worker.ts`,
      text,
      `${name}: worker of ${script.length} characters`,
    );
  }
}
if (stale) {
  console.error(`${stale} generated module(s) are stale. Run: npm run build:kernels`);
  process.exit(1);
}

function generate(file, text, what) {
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (check && !same) stale++;
  if (!check && !same) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.log(`${what}, ${same ? 'up to date' : check ? 'STALE' : 'written'}`);
}

async function bundle(file) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  return outputFiles[0].text.trim();
}
