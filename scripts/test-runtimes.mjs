/**
 * `npm run test:runtimes`: the published packages in every engine and through every bundler that they are written for.
 *
 *   npm run test:runtimes                          all; needs up to 1.5 GB for engines and bundlers
 *   npm run test:runtimes -- --only deno,node-26   those whose names begin so
 *   npm run test:runtimes -- --some                what every change has to pass; CI does this
 *
 * Publishes to a registry on loopback (scripts/published/), installs from there in a folder outside the workspace, and
 * trains there in each engine. An engine that cannot be had is a failure, not a skip: leave it out by --only.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { install, turbo } from './pinned-pnpm.mjs';
import { project } from './published/project.mjs';
import { startRegistry } from './published/registry.mjs';
import { release } from './published/release.mjs';
import { developedPage, page, startBrowser } from './published/runtimes/browser.mjs';
import { engine } from './published/runtimes/engines.mjs';

const checks = [
  // threads need process.getBuiltinModule, which Node has since 20.16
  ...['node-20', 'node-22', 'node-24', 'node-26', 'deno', 'bun'].map((name) => engine(name)),
  ...['vite-7', 'vite-8', 'esbuild', 'rollup', 'webpack'].flatMap((bundler) =>
    [true, false].map((isolated) => page(bundler, isolated)),
  ),
  ...['vite-7', 'vite-8'].flatMap((vite) => [true, false].map((isolated) => developedPage(vite, isolated))),
];
/** The newest Node, the other engines, and one bundler of each kind. The rest is run by the workflow on GitHub. */
const some = ['node-26', 'deno', 'bun', 'chromium vite-8', 'chromium esbuild'];

const { values } = parseArgs({
  options: { only: { type: 'string' }, some: { type: 'boolean', default: false } },
});
const wanted = values.only?.split(',') ?? (values.some ? some : ['']);
const chosen = checks.filter(({ name }) => wanted.some((start) => name.startsWith(start)));
if (!chosen.length) {
  console.error(
    `No check is called "${values.only}". There are: ${checks.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}

const ready = await install();
if (!ready.ok) fail('installing the workspace', ready.output);
const built = await turbo('build'); // nothing to do when it is done already
if (!built.ok) fail('building', built.output);
const registry = await startRegistry();
const published = await release(registry);

const program = (file) => readFileSync(new URL(`./published/programs/${file}`, import.meta.url), 'utf8');
const files = ['train-names.mjs', 'with-trainer.mjs', 'in-engine.mjs', 'in-page.mjs'];
const needed = ['lstm', 'optimizers', 'rnn', 'tensor', 'tokenizer', 'train'].map((name) => `@rnnlab/${name}`);
const place = await project(registry, {
  name: 'runtimes',
  files: {
    'package.json': '{ "private": true }',
    ...Object.fromEntries(files.map((file) => [file, program(file)])),
  },
  install: needed,
});

const width = Math.max(...chosen.map(({ name }) => name.length)) + 2;
console.log(`${'engine'.padEnd(width)}backend  threads  loss   seconds`);
const failed = [];
const queue = [...chosen];
await Promise.all(
  Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let check = queue.shift(); check; check = queue.shift()) await report(check);
  }),
);
await (await startBrowser().catch(() => undefined))?.close();
registry.stop();

if (failed.length) fail(failed.join(', '), '');
console.log(
  `${published.length} packages published on loopback, trained with in ${chosen.length} engines and pages`,
);
process.exit(0);

async function report({ name, work }) {
  const begin = performance.now();
  try {
    const { backend, threads, loss } = await work(place);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(
      `${name.padEnd(width)}${backend.padEnd(9)}${String(threads).padEnd(9)}${loss.toFixed(3)}  ${seconds}`,
    );
  } catch (error) {
    failed.push(name);
    console.log(`${name.padEnd(width)}FAILED\n${error.message}`);
  }
}

function fail(what, output) {
  console.error(`${output}\nfailed: ${what}`);
  process.exit(1);
}
