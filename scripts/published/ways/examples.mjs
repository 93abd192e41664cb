/** The examples as somebody copies them: their `workspace:` dependencies swapped for what is published. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../pinned-pnpm.mjs';
import { project } from '../project.mjs';

export async function examples(registry, published) {
  const versions = Object.fromEntries(
    published.map(({ manifest }) => [manifest.name, `^${manifest.version}`]),
  );
  const { cwd, must } = await project(registry, { name: 'examples' });
  const from = join(root, 'examples');
  const names = readdirSync(from).filter((name) => existsSync(join(from, name, 'package.json')));
  const wanted = {};
  for (const name of names) {
    cpSync(join(from, name), join(cwd, name), {
      recursive: true,
      filter: (path) => !/[\\/](?:node_modules|\.turbo|runs)$/.test(path),
    });
    const file = join(cwd, name, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    for (const [dependency, range] of Object.entries(manifest.dependencies)) {
      if (!range.startsWith('workspace:')) continue;
      manifest.dependencies[dependency] = versions[dependency];
    }
    Object.assign(wanted, manifest.dependencies);
    writeFileSync(file, JSON.stringify(manifest));
  }
  cpSync(join(from, 'data'), join(cwd, 'data'), { recursive: true });
  // One installation for all, as in a folder above them: they need nothing that differs.
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, dependencies: wanted }));
  await must('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock');
  const tsx = join(root, 'examples', names[0], 'node_modules/tsx/dist/cli.mjs');
  for (const name of names) await must(process.execPath, tsx, join(name, 'main.ts'), '--quick');
  return names.join(', ');
}
