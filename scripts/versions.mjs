/**
 * A rehearsal of the release: in a temporary copy of the manifests and changesets, what `changeset version` makes of them.
 * Nothing in the checkout changes; what the versions and changelogs will be can be read before they are.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders of the workspace with a package.json. */
const members = ['packages', 'examples'].flatMap((group) =>
  readdirSync(join(root, group))
    .map((name) => `${group}/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json'))),
);

/**
 * @param {string[]} parameters for `changeset version`, e.g. `--snapshot canary`
 * @returns {Promise<{ name: string, private: boolean, before: string, version: string, manifest: object, changelog: string | undefined }[]>}
 */
export async function rehearse(...parameters) {
  const place = mkdtempSync(join(tmpdir(), 'rnnlab-versions-'));
  try {
    for (const file of ['package.json', 'pnpm-workspace.yaml', '.changeset', 'docs/package.json']) {
      cpSync(join(root, file), join(place, file), { recursive: true });
    }
    for (const folder of members) {
      mkdirSync(join(place, folder), { recursive: true });
      for (const file of ['package.json', 'CHANGELOG.md']) {
        const from = join(root, folder, file);
        if (existsSync(from)) cpSync(from, join(place, folder, file));
      }
    }
    const git = async (...rest) => {
      const who = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost'];
      const { ok, output } = await run('git', [...who, ...rest], { cwd: place });
      if (!ok) throw new Error(`git ${rest.join(' ')}: ${output}`);
    };
    // The changelog names the commit of each changeset.
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-q', '--no-gpg-sign', '-m', 'rehearsal');
    const changeset = join(root, 'node_modules/@changesets/cli/bin.js');
    const { ok, output } = await run(process.execPath, [changeset, 'version', ...parameters], { cwd: place });
    if (!ok) throw new Error(`changeset version ${parameters.join(' ')}: ${output}`);
    return members.map((folder) => {
      const read = (base) => JSON.parse(readFileSync(join(base, folder, 'package.json'), 'utf8'));
      const manifest = read(place);
      const log = join(place, folder, 'CHANGELOG.md');
      return {
        name: manifest.name,
        private: Boolean(manifest.private),
        before: read(root).version,
        version: manifest.version,
        manifest,
        changelog: existsSync(log) ? readFileSync(log, 'utf8') : undefined,
      };
    });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
