/**
 * `npm test`: everything that has to hold before a change is merged, stage by stage, with Node and npm alone.
 * Stops at the first stage that fails and shows the whole of what it printed.
 *
 *   npm test
 *   npm test -- --only build,tests     some stages
 *   npm test -- --keep-going           all stages, whatever fails
 *
 * Leaves `test-summary.json` with the numbers of `N passed, N failed`: tests by vitest's own count, and one
 * failure for every other stage that fails.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { install, root, turbo } from './pinned-pnpm.mjs';
import { run } from './run.mjs';
import { vitestCounts } from './vitest-counts.mjs';

const REPORT = join(root, 'test-report.json');
const SUMMARY = join(root, 'test-summary.json');

const exec = (...command) => run('pnpm', ['exec', ...command]);
/** A script of this folder, which says in its last line what it did. */
async function script(name, ...parameters) {
  const { ok, output } = await run(process.execPath, [join(root, 'scripts', name), ...parameters]);
  return { ok, output, note: ok ? `  ${output.trim().split('\n').at(-1)}` : '' };
}

/** What is checked, in order. `needed`: nothing behind it makes sense when it fails. */
const stages = [
  { name: 'install', needed: true, work: install },
  { name: 'build', needed: true, work: () => turbo('build') },
  { name: 'lint', work: () => exec('eslint', '.', '--max-warnings=0') },
  { name: 'format', work: () => exec('biome', 'format', '.') },
  { name: 'types', work: () => exec('tsc', '-b') },
  { name: 'tensorflow', work: tensorFlow },
  { name: 'blas', work: blas },
  { name: 'tests', work: unitTests },
  { name: 'unused', work: () => exec('knip') },
  { name: 'package checks', work: () => turbo('check:package') },
  { name: 'sizes', work: () => exec('size-limit') },
  { name: 'public API', work: () => script('api-reports.mjs') },
  { name: 'supply chain', work: () => script('supply-chain.mjs') },
  { name: 'published form', work: () => script('publish-local.mjs') },
  { name: 'examples', work: () => turbo('quick') },
  { name: 'benchmark', work: () => script('../bench/bench.mjs', '--smoke') },
  { name: 'snippets', work: () => script('snippets.mjs') },
  { name: 'docs', work: () => script('docs.mjs') },
];

const { values } = parseArgs({
  options: { only: { type: 'string' }, 'keep-going': { type: 'boolean', default: false } },
});
const only = values.only?.split(',');
for (const name of only ?? []) {
  if (!stages.some((stage) => stage.name === name)) {
    console.error(`No stage is called "${name}". There are: ${stages.map(({ name }) => name).join(', ')}.`);
    process.exit(1);
  }
}

for (const file of [REPORT, SUMMARY]) rmSync(file, { force: true });
const total = { passed: 0, failed: 0 };
const failedStages = [];
const begin = performance.now();

for (const { name, work, needed } of stages) {
  if (only && name !== 'install' && !only.includes(name)) continue;
  process.stdout.write(`${name.padEnd(16)} `);
  const start = performance.now();
  const { ok, output, tests, note = '' } = await work();
  process.stdout.write(`${seconds(start).padStart(7)}  ${ok ? 'ok' : 'FAILED'}${note}\n`);
  total.passed += tests?.passed ?? 0;
  total.failed += Math.max(tests?.failed ?? 0, ok ? 0 : 1);
  if (ok) continue;
  failedStages.push(name);
  console.log(`\n${output}`);
  if (needed || !values['keep-going']) break;
}

writeFileSync(SUMMARY, `${JSON.stringify(total)}\n`);
console.log(
  `\n${seconds(begin)} in all; ${failedStages.length ? `failed: ${failedStages.join(', ')}` : 'all green'}`,
);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed ? 1 : 0);

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * The engine of packages/tf-compare's native tests. CI builds it and fails without it; elsewhere nobody gets a download of
 * 260 MB unasked, and the tests that need it are skipped.
 */
async function tensorFlow() {
  const { ok, output } = await script('setup-tfjs-node.mjs', ...(process.env.CI ? [] : ['--check']));
  const last = output.trim().split('\n').at(-1);
  if (ok || process.env.CI) return { ok, output, note: ok ? `  ${last}` : '' };
  return { ok: true, output, note: `  SKIPPED, no native TensorFlow: ${last}` };
}

/** CI fetches a BLAS where there is none; elsewhere the tests that need one are skipped, and say so. */
async function blas() {
  const { ok, output } = await script('setup-openblas.mjs', ...(process.env.CI ? [] : ['--check']));
  const last = output.trim().split('\n').at(-1);
  if (ok || process.env.CI) return { ok, output, note: ok ? `  ${last}` : '' };
  return { ok: true, output, note: `  SKIPPED, no BLAS: ${last}` };
}

/** All unit tests, counted by vitest. */
async function unitTests() {
  const reporters = ['--reporter=default', '--reporter=json', '--outputFile.json=test-report.json'];
  const { ok, output } = await exec('vitest', 'run', ...reporters);
  const report = existsSync(REPORT) ? readFileSync(REPORT, 'utf8') : undefined;
  const counts = vitestCounts(report, ok);
  const skipped = counts.skipped ? `, ${counts.skipped} SKIPPED` : '';
  return {
    ok: counts.ok,
    output: report ? output : `${output}\nvitest left no report: it did not run to its end.`,
    tests: counts,
    note: `  ${counts.passed} tests in ${counts.files} files${skipped}`,
  };
}
