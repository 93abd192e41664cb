/** `rnnlab sweep`: one `rnnlab train` process for every combination of options, and a table of what they reached. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { duration, nats } from './format';
import { Interrupted } from './interrupted';
import type { CommandIO } from './io';
import { styleFor } from './style';
import { combinations, drawCombinations, type Combination } from './sweep-combinations';
import { trainCommand } from './train-command';
import { UserError } from './user-error';

export interface SweepOptions {
  file: string;
  /** More files, and options for every run. */
  rest: readonly string[];
  /** E.g. `hidden=25,50`; one at least. */
  set?: readonly string[];
  random?: number;
  seed: number;
  jobs: number;
  out: string;
  json?: boolean;
  /** Configuration file, for the runs too. */
  config?: string;
}

/** What one process has reached; `error` when it failed. */
export interface SweepResult {
  combination: Combination;
  /** In nats per token. */
  bestLoss?: number;
  /** In nats per character: what runs with different tokenizers are compared by. */
  bestPerCharacter?: number;
  bestStep?: number;
  seconds: number;
  checkpoint: string;
  error?: string;
}

/** See the header of this file. */
export async function sweep(options: SweepOptions, io: CommandIO): Promise<void> {
  const { set = [], random, seed, jobs, json } = options;
  if (!set.length) {
    throw new UserError(
      'There is nothing to compare: name an option and its values, e.g. --set hidden=25,50.',
    );
  }
  const all = combinations(set, trainCommand(io).options);
  const chosen = random === undefined ? all : drawCombinations(all, random, seed);
  const results: SweepResult[] = [];
  const waiting = chosen.entries();
  const work = async () => {
    for (const [index, combination] of waiting) {
      if (io.signal.aborted) return;
      const result = await trainOnce(options, combination, index, io);
      results.push(result);
      if (!json) io.stdout.write(`[${results.length}/${chosen.length}] ${describe(result)}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, chosen.length) }, work));
  results.sort((a, b) => (a.bestPerCharacter ?? Infinity) - (b.bestPerCharacter ?? Infinity));
  io.stdout.write(json ? `${JSON.stringify(results)}\n` : `\n${table(results, io)}`);
  if (io.signal.aborted) throw new Interrupted(io.signal);
  const failed = results.filter(({ error }) => error !== undefined);
  if (failed.length) {
    throw new UserError(
      `${failed.length} of ${results.length} runs failed, the first with: ${failed[0].error}`,
    );
  }
}

/** Runs one process to its end; the signal is passed on, so that it saves first. */
async function trainOnce(
  { file, rest, out, config }: SweepOptions,
  combination: Combination,
  index: number,
  { program, env, signal }: CommandIO,
): Promise<SweepResult> {
  const [command, ...before] = program;
  const label = Object.entries(combination).map(
    ([name, value]) => `${name}-${value.replace(/[^\w.-]/g, '_')}`,
  );
  const checkpoint = join(out, `${String(index + 1).padStart(2, '0')}-${label.join('-')}.safetensors`);
  const flags = Object.entries(combination).map(([name, value]) => `--${name}=${value}`);
  const common = ['--json', '--out', checkpoint, ...(config === undefined ? [] : ['--config', config])];
  const parameters = [...before, 'train', file, ...common, ...rest, ...flags];
  const started = performance.now();
  const child = spawn(command, parameters, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const pass = () => child.kill('SIGINT');
  signal.addEventListener('abort', pass);
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += String(chunk)));
  const end = endOf(createInterface({ input: child.stdout }));
  await new Promise((resolve) => child.on('close', resolve));
  signal.removeEventListener('abort', pass);
  const seconds = (performance.now() - started) / 1000;
  const reached = await end;
  if (!reached) {
    const error = complaint.trim().replace(/^rnnlab: /, '') || 'the process was killed.';
    return { combination, seconds, checkpoint, error };
  }
  const { bestLoss, bestPerCharacter, bestStep } = reached;
  return { combination, bestLoss, bestPerCharacter, bestStep, seconds, checkpoint };
}

/** The last line of a run that came to its end. */
async function endOf(lines: AsyncIterable<string>): Promise<Partial<SweepResult> | undefined> {
  let end: Partial<SweepResult> | undefined;
  for await (const line of lines) if (line.startsWith('{"type":"end"')) end = JSON.parse(line);
  return end;
}

function describe({ combination, bestPerCharacter, seconds, error }: SweepResult): string {
  const names = Object.entries(combination).map(([name, value]) => `${name}=${value}`);
  return `${names.join(' ')}: ${error ?? `${nats(bestPerCharacter)} nats/char`} (${duration(seconds)})`;
}

/** Best first, columns as wide as they need. */
function table(results: readonly SweepResult[], { stdout, env }: CommandIO): string {
  const names = Object.keys(results[0]?.combination ?? {});
  const head = [...names, 'best nats/char', 'at step', 'time', 'checkpoint'];
  const rows = results.map(({ combination, bestPerCharacter, bestStep, seconds, checkpoint, error }) => [
    ...names.map((name) => combination[name]),
    error ? 'failed' : nats(bestPerCharacter),
    String(bestStep ?? '–'),
    duration(seconds),
    checkpoint,
  ]);
  const widths = head.map((title, k) => Math.max(title.length, ...rows.map((row) => row[k].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, k) => cell.padEnd(widths[k]))
      .join('  ')
      .trimEnd();
  const { bold } = styleFor(stdout, env);
  return `${[bold(line(head)), ...rows.map(line)].join('\n')}\n`;
}
