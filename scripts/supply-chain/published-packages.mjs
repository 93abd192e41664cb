/** The packages of this workspace that are published, and what comes along when they are installed. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** @returns {Manifest} */
const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/**
 * @typedef {{ name: string, private?: boolean, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Manifest
 */

/** @returns {{ folder: string, manifest: Manifest }[]} every published package */
export function publishedPackages() {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: read(folder) }))
    .filter(({ manifest }) => !manifest.private);
}

/** Where the package that stands in `folder` finds `name`: in a node_modules here or above. */
function find(folder, name) {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (at === dirname(at)) return undefined;
  }
}

/**
 * All that npm installs with the published packages and is not ours: dependencies and optional dependencies, and theirs.
 * Optional ones for other machines are not here and left out.
 *
 * @returns {{ folder: string, manifest: Manifest, broughtBy: string[] }[]} by name; `broughtBy` are packages of ours
 */
export function installedWithThem() {
  const found = new Map();
  const visit = (folder, { dependencies = {}, optionalDependencies = {} }, ours) => {
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const at = find(folder, name);
      if (!at && name in optionalDependencies) continue;
      if (!at) throw new Error(`${name}, a dependency of ${folder}, is not installed.`);
      if (name.startsWith('@rnnlab/')) continue; // visited for itself
      const known = found.get(at);
      if (known?.broughtBy.has(ours)) continue;
      const entry = known ?? { folder: at, manifest: read(at), broughtBy: new Set() };
      entry.broughtBy.add(ours);
      found.set(at, entry);
      visit(at, entry.manifest, ours);
    }
  };
  for (const { folder, manifest } of publishedPackages()) visit(folder, manifest, manifest.name);
  return [...found.values()]
    .map(({ broughtBy, ...entry }) => ({ ...entry, broughtBy: [...broughtBy].sort() }))
    .sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
}
