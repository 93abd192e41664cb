/**
 * `npm start`: from a fresh clone to generated dinosaur names, with Node and npm alone.
 *
 *   npm start                               an LSTM on the dinosaur names
 *   npm start -- --cell gru                 options of `rnnlab train` (see `npm run rnnlab -- train --help`)
 *   npm start -- my.txt --cell rnn          a text file of your own
 *
 * The command-line program's own defaults fit the dinosaur names; this launcher only makes it ready.
 */
import { spawn } from 'node:child_process';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { install, root, turbo } from './pinned-pnpm.mjs';
import { textArgument } from './text-argument.mjs';

const DEFAULT_TEXT = 'examples/data/dinos.txt';
const CLI = 'packages/cli/dist/bin.js';

async function step(name, work) {
  const start = performance.now();
  process.stderr.write(`${name} …`);
  const { ok, output } = await work();
  process.stderr.write(ok ? ` ${((performance.now() - start) / 1000).toFixed(1)} s\n` : ' failed\n');
  if (!ok) {
    process.stderr.write(output);
    process.exit(1);
  }
}

const { text: given, options } = textArgument(process.argv.slice(2));
// npm moves to the repository's root; a file is meant from where the user stands.
const fromRoot = (path) =>
  isAbsolute(path) ? path : relative(root, resolve(process.env.INIT_CWD ?? '.', path));
const text = given ? fromRoot(given) : DEFAULT_TEXT;

await step('Installing', install);
await step('Building', () => turbo('build', ['@rnnlab/cli']));

const child = spawn(process.execPath, [join(root, CLI), 'train', text, ...options], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, RNNLAB_COMMAND: 'npm run rnnlab --' },
});
// Ctrl-C reaches the program itself, which saves and ends; stay until it has.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('close', (code, signal) => process.exit(signal ? 1 : code));
