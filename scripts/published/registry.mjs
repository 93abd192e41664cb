/**
 * A package registry on loopback: Verdaccio, which keeps what is published to it in a temporary folder and hands
 * everything else through from the registry that npm is configured for.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run } from '../run.mjs';
import { temporaryFolder } from './temporary-folder.mjs';
import { tool } from './tool.mjs';

/** Only here, and published without an account. */
const ours = { access: '$all', publish: '$anonymous', unpublish: '$anonymous' };

/**
 * Starts it; it ends with this process.
 *
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
export async function startRegistry() {
  const { path } = await tool('registry');
  const folder = temporaryFolder('registry');
  const url = `http://127.0.0.1:${await freePort()}/`;
  const setting = async (name) => (await run('npm', ['config', 'get', name], { cwd: folder })).stdout.trim();
  const upstream = await setting('registry');
  const log = join(folder, 'verdaccio.log');
  const configuration = {
    storage: join(folder, 'storage'),
    uplinks: { npm: { url: upstream, cache: true, max_fails: 100, timeout: '60s' } },
    packages: {
      '@rnnlab/*': ours,
      'create-rnnlab': ours,
      '**': { access: '$all', publish: '$anonymous', proxy: 'npm' },
    },
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    max_body_size: '100mb',
    web: { enable: false },
    log: { type: 'file', path: log, format: 'pretty', level: 'warn' },
  };
  const file = join(folder, 'config.yaml');
  writeFileSync(file, JSON.stringify(configuration)); // JSON is YAML

  const parameters = [path('verdaccio/bin/verdaccio'), '--config', file, '--listen', url];
  // It has to trust whom npm trusts, e.g. the certificate of a company's own registry.
  const authorities = await setting('cafile');
  const child = spawn(process.execPath, parameters, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...(authorities && authorities !== 'null' && { NODE_EXTRA_CA_CERTS: authorities }),
    },
  });
  const printed = [];
  child.stdout.on('data', (chunk) => printed.push(chunk));
  child.stderr.on('data', (chunk) => printed.push(chunk));
  process.on('exit', () => child.kill());

  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) break;
    if (tries === 300 || child.exitCode !== null) {
      throw new Error(`The registry did not start:\n${Buffer.concat(printed)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, stop: () => child.kill(), log: () => readFileSync(log, 'utf8') };
}

/** A port that nothing listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
