/**
 * Tools that only the checks of the published form need: a registry, bundlers, other runtimes. They are no
 * dependencies of the workspace, which would make `npm start` install them. Each has a folder in tools/ with a
 * manifest and a lock file, and is installed there when it is first asked for.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../run.mjs';

const tools = fileURLToPath(new URL('tools/', import.meta.url));
const installing = new Map();

/**
 * Installs tools/`name` unless that is done.
 *
 * @returns {Promise<{ path: (...parts: string[]) => string, require: NodeJS.Require }>} paths in its node_modules
 * @throws when it cannot be installed
 */
export function tool(name) {
  if (!installing.has(name)) installing.set(name, install(name));
  return installing.get(name);
}

async function install(name) {
  const folder = join(tools, name);
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const mark = join(folder, 'node_modules/.installed');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
    // No package here needs its install script: binaries come as packages of their own.
    const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    const { ok, output } = await run('npm', ['ci', ...quiet], { cwd: folder });
    if (!ok) throw new Error(`npm ci in scripts/published/tools/${name} failed:\n${output}`);
    writeFileSync(mark, wanted);
  }
  return {
    path: (...parts) => join(folder, 'node_modules', ...parts),
    require: createRequire(join(folder, 'package.json')),
  };
}
