/** THIRD-PARTY.md: whose work is used, and under which licence. */
import { licenceOf } from './licences.mjs';

/** @typedef {{ name: string, license?: string, os?: string[], cpu?: string[], libc?: string[] }} Manifest */

const byCodePoints = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Names without versions, which stand in pnpm-lock.yaml: an update that brings nobody new changes nothing here. Binaries for
 * one kind of machine are left out, or the page would differ from machine to machine; their licences are checked all the same.
 *
 * @param {string[]} ours names of our published packages
 * @param {{ manifest: Manifest, broughtBy: string[] }[]} others what is installed with packages of ours
 * @param {Manifest[]} manifests of all packages that the workspace uses
 */
export function thirdPartyPage(ours, others, manifests) {
  const everywhere = ({ os, cpu, libc }) => !os && !cpu && !libc;
  const rows = new Map();
  for (const { manifest, broughtBy } of others.filter((entry) => everywhere(entry.manifest))) {
    const row = `| ${manifest.name} | ${licenceOf(manifest)} | ${broughtBy.map((name) => `\`${name}\``).join(', ')} |`;
    rows.set(row, manifest.name);
  }
  const tools = new Map();
  for (const manifest of manifests.filter(everywhere)) {
    const licence = licenceOf(manifest);
    tools.set(licence, (tools.get(licence) ?? new Set()).add(manifest.name));
  }
  const lists = [...tools]
    .sort(([a], [b]) => byCodePoints(a, b))
    .map(([licence, names]) => `**${licence}**: ${[...names].sort(byCodePoints).join(', ')}`);
  const alone = ours.filter((name) => !others.some(({ broughtBy }) => broughtBy.includes(name)));
  return `# Third-party software

Written by \`pnpm third-party\`; \`npm test\` fails when it is out of date or a licence is not allowed. The licence texts are in
the packages themselves; exact versions in \`pnpm-lock.yaml\`, and for each release in the SBOM that its workflow keeps.

## Installed with packages of ours

Nothing but sister packages comes with ${alone.map((name) => `\`${name}\``).join(', ')}.

| package | licence | brought by |
|---|---|---|
${[...rows.keys()].sort(byCodePoints).join('\n')}

## Used to build, test and document

Nothing of these gets into a published package.

${lists.join('\n\n')}
`;
}
