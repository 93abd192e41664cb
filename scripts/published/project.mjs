/** A fresh folder outside the workspace, with packages installed from the registry on loopback. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../run.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

/**
 * The environment of npm commands that find our packages on `registry`, and all others where npm always does.
 * With `all`, everything comes from `registry`, which hands through what it does not hold. With `fresh`, npm has no cache
 * from before: npx would go on with what it once installed of the same version.
 */
export function registryEnvironment(registry, folder, { all = false, fresh = false } = {}) {
  const config = join(folder, '.npmrc');
  const host = registry.url.replace('http:', '');
  // A token that means nothing: npm refuses to publish without any.
  writeFileSync(config, `@rnnlab:registry=${registry.url}\n${host}:_authToken=nobody\n`);
  // The names that npm gives to what runs inside of it would win over files.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(?:config_(?:_|@)|package_|lifecycle_|execpath)/i.test(name),
    ),
  );
  return {
    ...env,
    INIT_CWD: folder,
    ...(all ? { npm_config_registry: registry.url } : {}),
    ...(fresh ? { npm_config_cache: join(folder, '.npm') } : {}),
  };
}

/**
 * @param {object} registry
 * @param {object} content
 * @param {Record<string, string>} content.files by their path
 * @param {string[]} [content.install] what `npm install` is given; nothing: what a package.json among `files` says
 * @param {string[]} [content.flags] for npm
 * @param {{ all?: boolean, fresh?: boolean }} [content.from] see {@link registryEnvironment}
 */
export async function project(registry, { name, files = {}, install, flags = [], from }) {
  const cwd = temporaryFolder(name);
  const env = registryEnvironment(registry, cwd, from);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  /** Runs a command in the folder and gives what it printed. @throws when it fails */
  const must = async (command, ...parameters) => {
    const { ok, output } = await run(command, parameters, { cwd, env });
    if (!ok) throw new Error(`${name}: ${[command, ...parameters].join(' ')}: failed\n${output}`);
    return output;
  };
  if (install) {
    const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'];
    await must('npm', 'install', ...quiet, ...flags, ...install);
  }
  return { cwd, env, must };
}

/** What `npm install` is given for a published package: its name, or an address where a scope would not tell where it is. */
export function installable(registry, { name, version }) {
  return name.startsWith('@') ? name : `${registry.url}${name}/-/${name}-${version}.tgz`;
}
