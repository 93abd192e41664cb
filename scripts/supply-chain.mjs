/**
 * What our packages bring along: licences, install scripts, known vulnerabilities.
 *
 *   node scripts/supply-chain.mjs             fails when something is not allowed, or THIRD-PARTY.md is out of date
 *   node scripts/supply-chain.mjs --update    writes THIRD-PARTY.md
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './run.mjs';
import { audit } from './supply-chain/audit.mjs';
import { refusedInstallScripts } from './supply-chain/install-scripts.mjs';
import { ALLOWED_FOR_TOOLS, ALLOWED_WITH_OURS, isAllowed, licenceOf } from './supply-chain/licences.mjs';
import { installedWithThem, publishedPackages, root } from './supply-chain/published-packages.mjs';
import { thirdPartyPage } from './supply-chain/third-party-page.mjs';

const PAGE = join(root, 'THIRD-PARTY.md');
const { update } = parseArgs({ options: { update: { type: 'boolean', default: false } } }).values;

const withGyp = (entry) => ({ ...entry, hasGyp: existsSync(join(entry.folder, 'binding.gyp')) });
const ours = publishedPackages().map(withGyp);
const others = installedWithThem().map(withGyp);
const problems = refusedInstallScripts(ours, others);

const refuse = ({ name }, licence, where) =>
  problems.push(
    `The licence of ${name}, ${where}, is "${licence}". Allowed ones stand in scripts/supply-chain/licences.mjs.`,
  );
for (const { manifest } of ours) {
  if (manifest.license !== 'MIT') refuse(manifest, manifest.license, 'a package of ours');
}
for (const { manifest, broughtBy } of others) {
  const licence = licenceOf(manifest);
  if (!isAllowed(licence, ALLOWED_WITH_OURS)) refuse(manifest, licence, `brought by ${broughtBy.join(', ')}`);
}

/** All packages of the workspace, as pnpm has installed them here. */
const listed = await run('pnpm', ['licenses', 'list', '--json']);
if (!listed.ok) {
  console.error(`pnpm licenses list failed:\n${listed.output}`);
  process.exit(1);
}
const manifests = Object.values(JSON.parse(listed.stdout))
  .flat()
  .flatMap(({ paths }) => paths)
  .map((folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
for (const manifest of manifests) {
  const licence = licenceOf(manifest);
  if (!isAllowed(licence, ALLOWED_FOR_TOOLS)) refuse(manifest, licence, 'a tool');
}

const page = thirdPartyPage(
  ours.map(({ manifest }) => manifest.name),
  others,
  manifests,
);
if (update) writeFileSync(PAGE, page);
else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page) {
  problems.push('THIRD-PARTY.md is out of date: `pnpm third-party`, and commit it.');
}

const vulnerabilities = await audit();
problems.push(...vulnerabilities.problems);

if (problems.length) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(
  `${others.length} packages come with ours, ${manifests.length} are used here, all licences allowed; ` +
    `no install script of ours; ${vulnerabilities.note}`,
);
