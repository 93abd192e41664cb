/**
 * Vite's development server: it bundles dependencies one by one and serves the rest as it is, which is another way than the
 * build of the same project.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tool } from '../tool.mjs';
import { isolation } from './page-server.mjs';

/** @returns {Promise<{ url: string, close: () => void }>} */
export async function startDevServer(name, { cwd, env }, isolated) {
  const { path } = await tool('bundlers');
  const root = join(cwd, `developed-${name}${isolated ? '-isolated' : ''}`);
  mkdirSync(root, { recursive: true });
  for (const file of ['in-page.mjs', 'train-names.mjs', 'with-trainer.mjs'])
    cpSync(join(cwd, file), join(root, file));
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html><meta charset="utf-8"><title>rnnlab</title><script type="module" src="./in-page.mjs"></script>\n',
  );
  const server = { host: '127.0.0.1', port: 0, headers: isolated ? isolation : {} };
  // Servers run two at a time. With the usual folder for bundled dependencies, which is that of the whole project, one would
  // make those of the other outdated.
  const cacheDir = join(root, 'cache');
  const program = `
    const { createServer } = await import(${JSON.stringify(path(name, 'dist/node/index.js'))});
    const server = await createServer(${JSON.stringify({ root, cacheDir, logLevel: 'warn', server })});
    await server.listen();
    console.log('listens at ' + server.resolvedUrls.local[0]);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd, env });
  process.on('exit', () => child.kill());
  return new Promise((resolve, reject) => {
    let printed = '';
    const take = (chunk) => {
      printed += chunk;
      const [, url] = /listens at (\S+)/.exec(printed) ?? [];
      if (url) resolve({ url, close: () => child.kill() });
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('close', () => reject(new Error(`${name} ended:\n${printed}`)));
  });
}
