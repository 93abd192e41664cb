/**
 * A release as the release workflow makes it, to a registry on loopback: versions and changelogs by changesets, then
 * `changeset publish`. All in a temporary copy of what is published, so that the working tree stays as it is.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../pinned-pnpm.mjs';
import { run } from '../run.mjs';
import { registryEnvironment } from './project.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** In a package's folder, never in what is published of it, and large. */
const notPublished = ['node_modules', 'src', 'fixtures', '.tsbuild', '.turbo'];

/** The manifests of what is published, with the folder of each. */
function publicPackages(from = root) {
  return readdirSync(join(from, 'packages'))
    .map((folder) => ({
      folder: join(from, 'packages', folder),
      file: join(from, 'packages', folder, 'package.json'),
    }))
    .filter(({ file }) => existsSync(file))
    .map(({ folder, file }) => ({ folder, manifest: read(file) }))
    .filter(({ manifest }) => !manifest.private);
}

/**
 * Publishes every public package, which has to be built.
 *
 * @returns {Promise<{ manifest: object, folder: string }[]>} as published, in the temporary copy
 */
export async function release(registry) {
  const copy = temporaryFolder('release');
  copyWorkspace(copy, registry);
  // Whoever runs this may be logged in where npm publishes by default: nothing of theirs is read, and there is no way there.
  const env = {
    ...registryEnvironment(registry, copy, { all: true }),
    NPM_CONFIG_USERCONFIG: join(copy, 'no-user.npmrc'),
  };
  const must = async (command, ...parameters) => {
    const { ok, output } = await run(command, parameters, { cwd: copy, env });
    if (!ok) throw new Error(`${[command, ...parameters].join(' ')}: failed\n${output}`);
    return output;
  };
  // Changesets looks into the history for who added a changeset.
  await must('git', 'init', '--quiet', '--initial-branch=main');
  await must('git', 'add', '--all');
  const nobody = [
    '-c',
    'user.name=rnnlab',
    '-c',
    'user.email=rnnlab@example.org',
    '-c',
    'commit.gpgsign=false',
  ];
  await must('git', ...nobody, 'commit', '--quiet', '--message=release');

  const changeset = join(root, 'node_modules/@changesets/cli/bin.js');
  await must(process.execPath, changeset, 'version');
  const published = publicPackages(copy);
  const output = await must(process.execPath, changeset, 'publish', '--no-git-tag');
  for (const { manifest } of published) {
    const spec = `${manifest.name}@${manifest.version}`;
    if (manifest.version === '0.0.0') throw new Error(`${spec} has no changeset.`);
    const view = await fetch(`${registry.url}${manifest.name.replace('/', '%2f')}`);
    const versions = view.ok ? Object.keys((await view.json()).versions) : [];
    if (!versions.includes(manifest.version)) throw new Error(`${spec} was not published:\n${output}`);
  }
  return published;
}

function copyWorkspace(copy, registry) {
  for (const path of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', '.changeset']) {
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction'); // what formats the changelogs
  writeFileSync(join(copy, '.gitignore'), 'node_modules\n');
  for (const { folder, manifest } of publicPackages()) {
    const target = join(copy, 'packages', folder.slice(join(root, 'packages/').length));
    mkdirSync(target, { recursive: true });
    for (const entry of readdirSync(folder)) {
      if (!notPublished.includes(entry))
        cpSync(join(folder, entry), join(target, entry), { recursive: true });
    }
    const missing = entryFiles(manifest).filter((file) => !existsSync(join(target, file)));
    if (missing.length)
      throw new Error(`${manifest.name} is not built: ${missing} is missing. Run npm run build.`);
    // Provenance says which workflow built a package; none did.
    const publishConfig = { ...manifest.publishConfig, provenance: false, registry: registry.url };
    writeFileSync(join(target, 'package.json'), JSON.stringify({ ...manifest, publishConfig }, null, 2));
    // pnpm looks there for the versions that `workspace:` stands for.
    const { dependencies, devDependencies, peerDependencies } = manifest;
    for (const [name, range] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...peerDependencies,
    })) {
      if (!range.startsWith('workspace:')) continue;
      const link = join(target, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(copy, 'packages', name.replace('@rnnlab/', '')), link, 'junction');
    }
  }
}

/** The files that `exports` and `bin` of a manifest name. */
function entryFiles({ exports = {}, bin = {} }) {
  const named = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(named));
  return [exports, bin].flatMap(named).filter((file) => !file.endsWith('.json'));
}
