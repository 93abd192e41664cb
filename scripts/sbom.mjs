/**
 * The software bill of materials of a release, in CycloneDX: all published packages and what npm installs with them, with
 * versions, hashes and licences. Packs the packages, lets npm resolve the tarballs without installing anything, and asks
 * `npm sbom`.
 *
 *   node scripts/sbom.mjs sbom.cdx.json     the packages have to be built
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './run.mjs';
import { publishedPackages } from './supply-chain/published-packages.mjs';

const [out] = process.argv.slice(2);
if (!out) {
  console.error('Usage: node scripts/sbom.mjs <file to write>');
  process.exit(1);
}
const place = mkdtempSync(join(tmpdir(), 'rnnlab-sbom-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));

async function must(command, parameters, cwd) {
  const { ok, output, stdout } = await run(command, parameters, { cwd });
  if (ok) return stdout;
  console.error(`${[command, ...parameters].join(' ')} failed:\n${output}`);
  process.exit(1);
}

const packages = publishedPackages();
const tarballs = {};
for (const { folder, manifest } of packages) {
  await must('pnpm', ['pack', '--pack-destination', place], folder);
  const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
  tarballs[manifest.name] = `file:${join(place, file)}`;
}
const project = { name: 'rnnlab', version: '0.0.0', private: true, license: 'MIT' };
writeFileSync(
  join(place, 'package.json'),
  JSON.stringify({ ...project, dependencies: tarballs, overrides: tarballs }),
);
// Peers are the user's own choice, and no part of what we deliver.
const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
await must('npm', ['install', '--package-lock-only', ...quiet], place);
const text = await must(
  'npm',
  [
    'sbom',
    '--package-lock-only',
    '--legacy-peer-deps',
    '--omit=dev',
    '--sbom-format=cyclonedx',
    '--sbom-type=library',
  ],
  place,
);

const bom = JSON.parse(text);
// Where the tarballs lay on this machine is no part of what they are.
bom.metadata.component.name = project.name;
for (const component of bom.components) {
  component.externalReferences = component.externalReferences?.filter(({ url }) => !url.includes(place));
}
const names = bom.components.map(({ group, name }) => (group ? `${group}/${name}` : name));
const missing = packages.filter(({ manifest }) => !names.includes(manifest.name));
if (bom.bomFormat !== 'CycloneDX' || missing.length) {
  console.error(
    `npm sbom gave ${bom.bomFormat}, without ${missing.map(({ manifest }) => manifest.name).join(', ') || 'loss'}`,
  );
  process.exit(1);
}
writeFileSync(resolve(out), `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${out}: CycloneDX ${bom.specVersion} with ${bom.components.length} components`);
