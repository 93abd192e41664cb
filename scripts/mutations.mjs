/**
 * Proves that the tests see mistakes: makes every mistake of mutations/list.mjs in a copy of the sources, one at a
 * time, and runs the tests that ought to turn red. One that stays green is a failure, and so is a mistake that can
 * no longer be made because the source has changed.
 *
 *   npm run mutations                    all of them
 *   npm run mutations -- LSTM gemm       those whose description or file contains one of the words
 *   npm run mutations -- --markdown      all of them, and writes the table of docs/testing.md
 *   npm run mutations -- --jobs 4        so many at a time; default 2
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { mutations } from './mutations/list.mjs';
import { writeTable } from './mutations/page.mjs';
import { createSandbox } from './mutations/sandbox.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: 'boolean', default: false }, jobs: { type: 'string', default: '2' } },
});
const jobs = Math.max(1, Math.min(Number(values.jobs) || 1, cpus().length));
const wanted = (mutation) => positionals.some((word) => `${mutation.what} ${mutation.file}`.includes(word));
const chosen = positionals.length && !values.markdown ? mutations.filter(wanted) : mutations;
if (!chosen.length) fail(`No mutation contains ${positionals.join(' or ')}.`);

const sandboxes = Array.from({ length: Math.min(jobs, chosen.length) }, createSandbox);
const removeAll = () => sandboxes.forEach(({ remove }) => remove());
process.on('exit', removeAll);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const begin = performance.now();
const baselines = new Map(chosen.map(({ tests, only }) => [`${tests} ${only}`, { tests, only }]));
await inParallel([...baselines.values()], async (sandbox, { tests, only }) => {
  const { green, failed, broken } = await sandbox.test(tests, only);
  if (!green)
    fail(
      `Without any mutation ${tests.join(', ')} is not green:\n${failed?.message ?? broken ?? 'no test ran'}`,
    );
});
console.log(`${baselines.size} sets of tests are green without a mutation (${seconds(begin)}).\n`);

const results = new Map();
await inParallel(chosen, async (sandbox, mutation) => {
  const start = performance.now();
  const result = await verdict(sandbox, mutation);
  results.set(mutation, result);
  const note = result.killed ? `red: ${result.by}` : `SURVIVED  ${result.why}`;
  console.log(`${seconds(start).padStart(6)}  ${mutation.what}  [${mutation.file}]\n        ${note}`);
});

const killed = chosen.filter((mutation) => results.get(mutation).killed);
if (killed.length === chosen.length && values.markdown)
  writeTable(chosen, (mutation) => results.get(mutation).by);
console.log(`\n${seconds(begin)} in all`);
for (const mutation of chosen) {
  if (!results.get(mutation).killed) console.log(`SURVIVED  ${mutation.what}  [${mutation.file}]`);
}
console.log(`${chosen.length} mutations, ${killed.length} killed, ${chosen.length - killed.length} survived`);
process.exit(killed.length === chosen.length ? 0 : 1);

/** Whether the tests see the mutation. A change that cannot be made or does not load is seen by nobody. */
async function verdict(sandbox, mutation) {
  try {
    const { green, failed, broken } = await sandbox.mutate(mutation, () =>
      sandbox.test(mutation.tests, mutation.only),
    );
    if (broken) return { killed: false, why: `no verdict: ${broken.slice(0, 600)}` };
    if (green || !failed) return { killed: false, why: `${mutation.tests.join(', ')} stays green` };
    return { killed: true, by: failed.name };
  } catch (error) {
    return { killed: false, why: error.message };
  }
}

/** Works through `items`, one at a time in every sandbox. */
async function inParallel(items, work) {
  const queue = [...items];
  await Promise.all(
    sandboxes.map(async (sandbox) => {
      for (let item = queue.shift(); item; item = queue.shift()) await work(sandbox, item);
    }),
  );
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
