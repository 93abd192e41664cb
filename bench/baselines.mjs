/**
 * The tables of docs/baselines.md.
 *
 *   node bench/baselines.mjs             runs everything (half an hour of processor time), appends every evaluation to
 *                                        bench/logs/baselines-<date>.jsonl and writes the tables; needs `npm run build`
 *   node bench/baselines.mjs --tables    writes the tables from the logs that are there
 *
 * A run is a line with its settings in a log; where there are several of the same settings, the latest file counts.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const logs = new URL('logs/', import.meta.url);
const page = new URL('../docs/baselines.md', import.meta.url);
const common = { bench: 'shakespeare', setting: 'common', init: 'keras', schedule: 'constant', epochs: 20 };

/** Rows of the second table: what they are called, which evaluations belong to them, and what makes these. */
export const shakespeareRows = [
  {
    name: 'RNN 1×128, uniform first weights, cosine',
    run: { ...common, cell: 'rnn', numLayers: 1, init: 'torch', schedule: 'cosine', epochs: 40 },
    args: ['--cells', 'rnn', '--init', 'torch', '--schedule', 'cosine', '--epochs', '40'],
  },
  { name: 'RNN 1×128', run: { ...common, cell: 'rnn', numLayers: 1 }, args: ['--cells', 'rnn'] },
  { name: 'LSTM 1×128', run: { ...common, cell: 'lstm', numLayers: 1 }, args: ['--cells', 'lstm'] },
  { name: 'GRU 1×128', run: { ...common, cell: 'gru', numLayers: 1 }, args: ['--cells', 'gru'] },
  {
    name: "LSTM 2×128, char-rnn's setting",
    run: { ...common, setting: 'char-rnn', cell: 'lstm', numLayers: 2, epochs: 5 },
    args: ['--setting', 'char-rnn'],
  },
];

/** @typedef {{ epoch: number, loss: number, cpuSeconds: number, file: string }} Evaluation A line of a log. */

/**
 * Every evaluation of all logs, older files first.
 *
 * @returns {Evaluation[]}
 */
export function readLogs() {
  const date = (name) => /\d{4}-\d\d-\d\d/.exec(name)[0];
  const names = readdirSync(logs).filter((name) => /^(baselines|shakespeare|dinos).*\.jsonl$/.test(name));
  names.sort((a, b) => (date(a) + a < date(b) + b ? -1 : 1));
  return names.flatMap((name) => {
    const lines = readFileSync(new URL(name, logs), 'utf8').trim().split('\n');
    return lines.map((line) => ({ ...common, ...JSON.parse(line), file: name }));
  });
}

/**
 * The evaluations of one run, by epoch.
 *
 * @param {Evaluation[]} evaluations
 * @param {Record<string, string | number>} run What its lines have in common.
 */
export function curveOf(evaluations, run) {
  const same = evaluations.filter((one) => Object.entries(run).every(([key, value]) => one[key] === value));
  return same.filter(({ file }) => file === same.at(-1)?.file);
}

export function dinosTable(evaluations) {
  const seeds = [1, 2, 3];
  const rows = ['rnn', 'lstm', 'gru'].map((cell) => {
    const runs = seeds.map((seed) => curveOf(evaluations, { bench: 'dinos', cell, seed }).at(-1));
    const mean = runs.reduce((sum, { loss }) => sum + loss, 0) / runs.length;
    const seconds = runs.map(({ cpuSeconds }) => cpuSeconds).sort((a, b) => a - b);
    const cells = runs.map(({ loss, epoch }) => `${loss.toFixed(3)} (${epoch})`);
    const time = `${seconds[0].toFixed(1)}–${seconds.at(-1).toFixed(1)} s`;
    return `| ${[cell.toUpperCase(), ...cells, `**${mean.toFixed(3)}**`, time].join(' | ')} |`;
  });
  const head = ['', ...seeds.map((seed) => `seed ${seed}`), 'mean', 'processor time of a run'];
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
}

export function shakespeareTable(evaluations) {
  const rows = shakespeareRows.map(({ name, run }) => {
    const curve = curveOf(evaluations, run);
    const best = curve.reduce((least, one) => (one.loss < least.loss ? one : least));
    const fifth = curve.find(({ epoch }) => epoch === 5).loss.toFixed(3);
    const time = `${curve.at(-1).cpuSeconds.toFixed(0)} s`;
    const log = `[log](https://github.com/rnnlab/rnnlab/blob/main/bench/logs/${best.file})`;
    return `| ${[name, fifth, best.loss.toFixed(3), `${best.epoch} of ${run.epochs}`, time, log].join(' | ')} |`;
  });
  const head = ['', 'after 5 epochs', 'best', 'in epoch', 'processor time', ''];
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
}

/** The page with both tables put between their marks. */
export function pageWith(text, evaluations) {
  const tables = { dinos: dinosTable(evaluations), shakespeare: shakespeareTable(evaluations) };
  return Object.entries(tables).reduce((page, [name, table]) => {
    const [begin, end] = [`<!-- ${name}: written by bench/baselines.mjs -->`, `<!-- end of ${name} -->`];
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from)
      throw new Error(`docs/baselines.md: the marks "${begin}" and "${end}" are missing.`);
    return `${page.slice(0, from)}${begin}\n\n${table}\n\n${page.slice(to)}`;
  }, text);
}

function measure() {
  const log = fileURLToPath(new URL(`baselines-${new Date().toISOString().slice(0, 10)}.jsonl`, logs));
  const runs = [
    ['dinos-quality.mjs', []],
    ...shakespeareRows.map(({ args }) => ['shakespeare-quality.mjs', args]),
  ];
  for (const [script, args] of runs) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const { status } = spawnSync(process.execPath, [path, ...args, '--log', log], { stdio: 'inherit' });
    if (status !== 0) process.exit(1);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.argv.includes('--tables')) measure();
  writeFileSync(page, pageWith(readFileSync(page, 'utf8'), readLogs()));
}
