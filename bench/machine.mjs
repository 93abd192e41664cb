/** What the numbers were measured on: processor, system, how busy it was, and how fast it can multiply and add at all. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodePath } from './contestants.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const output = (command, args) => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** GFLOP/s of one core in 128-bit WebAssembly, by major version of Node. */
function wasmPeaks(folder) {
  const asc = here('../node_modules/assemblyscript/bin/asc.js');
  const module = join(folder, 'peak.wasm');
  const options = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--outFile', module];
  if (output(process.execPath, [asc, here('peak/peak.as.ts'), ...options]) === undefined) return {};
  const peaks = {};
  for (const major of ['20', '24']) {
    const node = nodePath(major);
    const rate = node && output(node, [here('peak/peak.mjs'), module]);
    if (rate) peaks[major] = Number(rate);
  }
  return peaks;
}

/** GFLOP/s of one core with its widest registers, and their bits; undefined without a C compiler. */
function nativePeak(folder) {
  const program = join(folder, 'peak');
  const compiler = ['cc', 'gcc', 'clang'].find(
    (name) => output(name, ['-O2', '-march=native', '-o', program, here('peak/peak.c')]) !== undefined,
  );
  const [bits, rate] = (compiler && output(program, []))?.split(' ').map(Number) ?? [];
  return rate && { bits, rate };
}

/** How many processes waited for a core over the last minute. Above about 0.5, somebody else is at work. */
export const load = () => loadavg()[0];

/**
 * @param {string} folder for what is compiled
 * @param {object} [before] what an earlier part of the run found: of two peaks the higher one is right
 */
export function describeMachine(folder, before) {
  const now = measured(folder);
  if (!before || before.processor !== now.processor) return now;
  for (const [major, peak] of Object.entries(before.wasmPeaks ?? {})) {
    now.wasmPeaks[major] = Math.max(peak, now.wasmPeaks[major] ?? 0);
  }
  if (before.nativePeak?.rate > (now.nativePeak?.rate ?? 0)) now.nativePeak = before.nativePeak;
  return now;
}

function measured(folder) {
  return {
    commit: output('git', ['rev-parse', '--short', 'HEAD']),
    processor: cpus()[0].model.trim(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    wasmPeaks: wasmPeaks(folder),
    nativePeak: nativePeak(folder),
  };
}
