/** The names of the packages in a folder's node_modules, scoped ones with their scope. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export function installedPackages(cwd) {
  const names = (...path) =>
    readdirSync(join(cwd, 'node_modules', ...path)).filter((name) => !name.startsWith('.'));
  return names()
    .flatMap((name) => (name.startsWith('@') ? names(name).map((own) => `${name}/${own}`) : [name]))
    .sort();
}
