/** Trains with the published packages in every engine and through every bundler that they are written for. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { project } from '../project.mjs';
import { developedPage, page, stopBrowser } from './browser.mjs';
import { engine } from './engines.mjs';

const checks = [
  ...['node-20', 'node-22', 'node-24', 'node-26', 'deno', 'bun'].map((name) => engine(name)),
  ...['vite-7', 'vite-8', 'esbuild', 'rollup', 'webpack'].flatMap((bundler) =>
    [true, false].map((isolated) => page(bundler, isolated)),
  ),
  ...['vite-7', 'vite-8'].flatMap((vite) => [true, false].map((isolated) => developedPage(vite, isolated))),
];

/** What every change has to pass: the newest Node, the other engines, one bundler of each kind. */
export const some = ['node-26', 'deno', 'bun', 'chromium vite-8', 'chromium esbuild'];

const names = checks.map(({ name }) => name);
const files = ['train-names.mjs', 'with-trainer.mjs', 'in-engine.mjs', 'in-page.mjs'];
const needed = ['lstm', 'optimizers', 'rnn', 'tensor', 'tokenizer', 'train'].map((name) => `@rnnlab/${name}`);

/** The checks whose names begin with one of `wanted`. @throws when there is none */
export function choose(wanted) {
  const chosen = checks.filter(({ name }) => wanted.some((start) => name.startsWith(start)));
  if (!chosen.length) throw new Error(`No check is called "${wanted}". There are: ${names.join(', ')}.`);
  return chosen;
}

/**
 * Runs `chosen` in one folder outside the workspace, two at a time.
 *
 * @returns {Promise<string[]>} a table: engine, backend, threads, loss, seconds
 * @throws with the table when one fails; an engine that cannot be had has failed
 */
export async function trainEverywhere(registry, chosen) {
  const program = (file) => readFileSync(new URL(`../programs/${file}`, import.meta.url), 'utf8');
  const place = await project(registry, {
    name: 'runtimes',
    files: {
      'package.json': '{ "private": true }',
      ...Object.fromEntries(files.map((file) => [file, program(file)])),
    },
    install: needed,
  });
  const width = Math.max(...chosen.map(({ name }) => name.length)) + 2;
  const table = [`${'engine'.padEnd(width)}backend  threads  loss   seconds`];
  const failed = [];
  const queue = [...chosen];
  const work = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) {
      const { name } = check;
      const begin = performance.now();
      try {
        const { backend, threads, loss } = await check.work(place);
        const seconds = ((performance.now() - begin) / 1000).toFixed(1);
        const cells = [name.padEnd(width), backend.padEnd(9), String(threads).padEnd(9), loss.toFixed(3)];
        table.push(`${cells.join('')}  ${seconds}`);
      } catch (error) {
        failed.push(name);
        table.push(`${name.padEnd(width)}FAILED\n${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  await stopBrowser();
  if (failed.length) throw new Error(`${table.join('\n')}\nfailed: ${failed.join(', ')}`);
  return table;
}
