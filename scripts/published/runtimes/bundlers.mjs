/**
 * Bundlers as their users start with them: an entry, a folder for what comes out, and nothing said about workers or
 * WebAssembly. Rollup finds packages only with its own plugin for it.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tool } from '../tool.mjs';

const page = (script) =>
  `<!doctype html><meta charset="utf-8"><title>rnnlab</title><script type="module" src="${script}"></script>\n`;

/** Each bundles in-page.mjs of the project in `cwd` into `out`, by a Node program run with `node`. */
const bundlers = {
  esbuild: (_, out) => `
    const { build } = require('esbuild');
    await build({ entryPoints: ['in-page.mjs'], bundle: true, format: 'esm', outfile: '${out}/page.js' });`,
  rollup: (_, out) => `
    const { rollup } = require('rollup');
    const { nodeResolve } = require('@rollup/plugin-node-resolve');
    const bundle = await rollup({ input: 'in-page.mjs', plugins: [nodeResolve()] });
    await bundle.write({ file: '${out}/page.js' });`,
  webpack: (cwd, out) => `
    const webpack = require('webpack');
    const output = { path: '${cwd}/${out}', filename: 'page.js' };
    await new Promise((resolve, reject) =>
      webpack({ mode: 'production', entry: './in-page.mjs', output }, (error, stats) =>
        error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : resolve()));`,
  'vite-7': vite('vite-7'),
  'vite-8': vite('vite-8'),
};

function vite(name) {
  return (_, out) => `
    const { build } = await import(pathToFileURL(join(require.resolve('${name}/package.json'), '../dist/node/index.js')));
    await build({ root: '${out}', base: './', logLevel: 'warn', build: { outDir: 'dist' } });`;
}

/** Bundles for the browser and gives the folder to serve. */
export async function bundle(name, { cwd, must }) {
  const { path } = await tool('bundlers');
  const out = `bundled-${name}`;
  mkdirSync(join(cwd, out), { recursive: true });
  const isVite = name.startsWith('vite');
  if (isVite) {
    for (const file of ['in-page.mjs', 'train-names.mjs', 'with-trainer.mjs'])
      cpSync(join(cwd, file), join(cwd, out, file));
  }
  writeFileSync(join(cwd, out, 'index.html'), page(isVite ? './in-page.mjs' : './page.js'));
  const program = `${name}.build.mjs`;
  writeFileSync(
    join(cwd, program),
    `import { createRequire } from 'node:module';
    import { join } from 'node:path';
    import { pathToFileURL } from 'node:url';
    const require = createRequire(${JSON.stringify(path('../package.json'))});
    ${bundlers[name](cwd, out)}`,
  );
  await must(process.execPath, program);
  return join(cwd, out, isVite ? 'dist' : '.');
}
