/**
 * Compiles packages/<name>/kernels/index.as.ts with AssemblyScript and writes the module as a base64 string into
 * packages/<name>/src/generated/kernels.wasm.ts. That file is committed: neither a user's bundler nor a
 * contributor who does not touch kernels needs the compiler.
 *
 *   node scripts/build-kernels.mjs           write them
 *   node scripts/build-kernels.mjs lstm gru  those of some packages
 *   node scripts/build-kernels.mjs --check   fail when one is not what its source compiles to
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const packages = fileURLToPath(new URL('../packages', import.meta.url));
const options = [
  '-O3',
  '--runtime',
  'stub',
  '--noAssert',
  '--enable',
  'simd',
  '--importMemory',
  '--initialMemory',
  '1',
];
const check = process.argv.includes('--check');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
let stale = 0;

for (const name of only.length ? only : readdirSync(packages).sort()) {
  const folder = `${packages}/${name}`;
  if (!existsSync(`${folder}/kernels/index.as.ts`)) continue;
  const module = await compile(folder);
  const file = `${folder}/src/generated/kernels.wasm.ts`;
  const text = `/** Compiled from kernels/*.as.ts by scripts/build-kernels.mjs. Do not edit. */\nexport const wasm =\n  '${module.toString('base64')}';\n`;
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (check && !same) stale++;
  if (!check && !same) {
    mkdirSync(`${folder}/src/generated`, { recursive: true });
    writeFileSync(file, text);
  }
  console.log(`${name}: ${module.length} bytes, ${same ? 'up to date' : check ? 'STALE' : 'written'}`);
}
if (stale) {
  console.error(`${stale} generated module(s) are stale. Run: npm run build:kernels`);
  process.exit(1);
}

async function compile(folder) {
  let binary;
  const { error, stderr } = await asc.main(['kernels/index.as.ts', ...options, '-o', 'kernels.wasm'], {
    // Kernels of one package import those of another by path, so the root of all packages is the base.
    readFile: (path, base) => readIfThere(`${base === '.' ? folder : base}/${path}`),
    writeFile: (path, content) => {
      if (path.endsWith('.wasm')) binary = Buffer.from(content);
    },
    listFiles: () => [],
  });
  if (error || !binary)
    throw new Error(`${folder}: ${error?.message ?? 'nothing was written'}\n${stderr.toString()}`);
  return binary;
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
