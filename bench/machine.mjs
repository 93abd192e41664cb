/** What the numbers were measured on: processor, system, how busy it was, and how fast it can multiply and add at all. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const output = (command, args) => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

const PEAK_RUNS = 5;

/** GFLOP/s of one core with its widest registers, or with `options` for the compiler; undefined without a C compiler. */
function peak(folder, ...options) {
  const program = join(folder, 'peak');
  const parameters = [
    '-O3',
    '-funroll-loops',
    '-march=native',
    ...options,
    '-o',
    program,
    here('peak/peak.c'),
  ];
  const compiler = ['cc', 'gcc', 'clang'].find((name) => output(name, parameters) !== undefined);
  if (!compiler) return undefined;
  // What disturbs makes it lower, nothing makes it higher.
  const runs = Array.from({ length: PEAK_RUNS }, () => output(program, [])?.split(' ').map(Number) ?? []);
  const [bits, rate] = runs.reduce((best, run) => (run[1] > (best[1] ?? 0) ? run : best), []);
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
  for (const name of ['vectorPeak', 'nativePeak']) {
    if (before[name]?.rate > (now[name]?.rate ?? 0)) now[name] = before[name];
  }
  return now;
}

function measured(folder) {
  return {
    commit: output('git', ['rev-parse', '--short', 'HEAD']),
    processor: cpus()[0].model.trim(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    vectorPeak: peak(folder, '-DBYTES=16', '-ffp-contract=off'),
    nativePeak: peak(folder),
  };
}
