/**
 * `npm run bench`: rnnlab and every peer that is installed (`npm run bench:setup`) on the same work, in turns, medians of
 * several rounds, with peak memory; the results go to bench/results.json, and docs/benchmarks.md and its plots are made
 * from them.
 *
 *   npm run bench                              everything, about a quarter of an hour on a quiet machine
 *   npm run bench -- --quick                   a part of it in two minutes, into runs/bench-quick
 *   npm run bench -- --only train-gru,sample   some workloads (see --list); the others' numbers stay
 *   npm run bench -- --only profile            where the time of rnnlab's steps goes
 *   npm run bench -- --peers wasm-2,numpy-2    some contestants; the others' numbers stay
 *   npm run bench -- --resume                  what was not measured in the last six hours
 *   npm run bench -- --page                    the page again, from what is there
 *   npm run bench -- --smoke                   whether rnnlab's part still runs, in seconds; part of npm test
 *   npm run bench -- --out FOLDER              elsewhere
 *
 * Needs `npm run build`. A contestant that cannot run stands on the page with the reason.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contestants } from './contestants.mjs';
import { describeMachine, load } from './machine.mjs';
import { measure } from './measure.mjs';
import { addMeasurement, readResults, valueOf, writeResults } from './results.mjs';
import { formatValue } from './tables.mjs';
import { chosen, quickWorkloads, smokeWorkloads, workloads } from './workloads.mjs';
import { writePage } from './write-page.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    peers: { type: 'string' },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'rnnlab-bench-'));
// a part or a trial never overwrites the page
const aside = options.smoke
  ? join(scratch, 'out')
  : options.quick
    ? join(root, 'runs/bench-quick')
    : undefined;
const out = options.out ? resolve(options.out) : aside;
const resultsFile = out ? join(out, 'results.json') : join(root, 'bench/results.json');
const pageFolder = out ?? join(root, 'docs');

const list = options.smoke ? smokeWorkloads : options.quick ? quickWorkloads : workloads;
const begin = performance.now();
const elapsed = () => `${((performance.now() - begin) / 1000).toFixed(0)} s`;

try {
  if (options.list) {
    for (const { id, contestants } of list) console.log(`${id.padEnd(22)} ${contestants.join(' ')}`);
  } else {
    if (!options.page) await run();
    const page = writePage(readResults(resultsFile), pageFolder);
    if (!options.smoke) console.log(`\n${elapsed()}. The page: ${page}`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit();

function idsOf(workload) {
  const some = options.peers?.split(',');
  const strange = some?.find((id) => !contestants.has(id));
  if (strange)
    throw new Error(
      `--peers: nobody is called "${strange}". There are: ${[...contestants.keys()].join(', ')}.`,
    );
  return workload.contestants.filter((id) => !some || some.includes(id));
}

async function run() {
  if (!existsSync(join(root, 'packages/tensor/dist/index.js')))
    throw new Error('rnnlab is not built: npm run build');
  const results = readResults(resultsFile);
  if (!options.smoke) {
    if (load() > 0.5)
      console.log(
        `NOTE: others are at work on this machine (load ${load().toFixed(1)}): the numbers will suffer.`,
      );
    results.machine = describeMachine(scratch, results.machine);
  }
  const recent = Date.now() - 6 * 3600 * 1000;
  for (const workload of chosen(list, options.only)) {
    if (options.resume && Date.parse(results.workloads[workload.id]?.date) > recent) continue;
    await runOne(workload, results);
  }
  if (options.smoke) judgeSmoke(results);
}

async function runOne(workload, results) {
  const { writeGiven } = await import('./given.mjs');
  const ids = idsOf(workload);
  if (ids.length === 0) return;
  const { id, unit } = workload;
  const before = load();
  const measured = await measure(workload, writeGiven(workload, scratch), ids);
  const measurement = {
    date: new Date().toISOString(),
    load: Number(Math.max(before, load()).toFixed(1)),
    results: measured,
  };
  addMeasurement(results, id, measurement, options.peers);
  writeResults(resultsFile, results);
  if (options.smoke) return;
  console.log(`\n${id} (${elapsed()})`);
  for (const name of ids) {
    const record = measured[name];
    const value = record.notRun ? `NOT RUN: ${record.notRun}` : formatValue(valueOf(results, id, name), unit);
    const remark =
      record.differs !== undefined ? `  OTHER WORK: off by ${record.differs.toExponential(1)}` : '';
    console.log(`  ${contestants.get(name).name.padEnd(34)} ${value}${remark}`);
  }
}

/** Everybody ran, and with the same results. */
function judgeSmoke(results) {
  for (const [id, { results: records }] of Object.entries(results.workloads)) {
    for (const [name, { notRun, agrees, differs, unchecked }] of Object.entries(records)) {
      if (agrees) continue;
      throw new Error(`${id}, ${name}: ${notRun ?? unchecked ?? `off by ${differs} from the others`}`);
    }
  }
  console.log(`${Object.keys(results.workloads).length} workloads run, ${elapsed()}`);
}
