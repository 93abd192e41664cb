/** Every package together: each entry point loads both ways with the same names, and each command answers --help. */
import { join } from 'node:path';
import { installable, project } from '../project.mjs';

/** Suites need a test runner around them. */
const outsideTests = (path) => path !== './package.json' && path !== './testing';

export async function entryPoints(registry, published) {
  const manifests = published.map(({ manifest }) => manifest);
  const { cwd, must } = await project(registry, {
    name: 'entry-points',
    files: { 'package.json': '{ "private": true }' },
    install: manifests.map((manifest) => installable(registry, manifest)),
    flags: ['--ignore-scripts'],
  });
  const entries = manifests.flatMap(({ name, exports }) =>
    Object.keys(exports)
      .filter(outsideTests)
      .map((path) => ({ name: name + path.slice(1), require: Boolean(exports[path].require) })),
  );
  await must(
    process.execPath,
    '--input-type=module',
    '--eval',
    `import { createRequire } from 'node:module';
    import { pathToFileURL } from 'node:url';
    const require = createRequire(pathToFileURL('./load.mjs'));
    for (const entry of ${JSON.stringify(entries)}) {
      const esm = Object.keys(await import(entry.name));
      if (!esm.length) throw new Error(entry.name + ' exports nothing');
      if (!entry.require) continue;
      const cjs = Object.keys(require(entry.name));
      const own = (name) => name !== 'default' && name !== 'module.exports';
      const missing = esm.filter((name) => own(name) && !cjs.includes(name));
      if (missing.length) throw new Error('require(' + entry.name + ') lacks ' + missing);
    }`,
  );
  for (const { name, bin } of manifests) {
    for (const file of Object.values(bin ?? {})) {
      const help = await must(process.execPath, join(cwd, 'node_modules', name, file), '--help');
      if (!help.includes('--help')) throw new Error(`${name} --help printed:\n${help}`);
    }
  }
  return `${entries.length} of ${manifests.length} packages`;
}
