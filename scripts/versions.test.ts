/** The release rehearsed: what the changesets of the checkout will make of versions and changelogs. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { rehearse } from './versions.mjs';

const folder = new URL('../.changeset/', import.meta.url);
/** The waiting changesets: which packages each names, and its text. */
const changesets = readdirSync(folder)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => {
    const [, head, text] = /^---\n(.*?)\n---\n(.*)$/s.exec(readFileSync(new URL(file, folder), 'utf8'))!;
    const bumps = [...head.matchAll(/^['"](.+)['"]: (major|minor|patch)$/gm)];
    return { file, bumps: bumps.map(([, name, bump]) => ({ name, bump })), text: text.trim() };
  });
const named = new Set(changesets.flatMap(({ bumps }) => bumps.map(({ name }) => name)));

type Rehearsed = Awaited<ReturnType<typeof rehearse>>;

describe('a release', () => {
  let packages: Rehearsed;
  beforeAll(async () => {
    packages = await rehearse();
  });

  it('moves the version of every package that a changeset names, and of none that is private', () => {
    const moved = packages.filter(({ before, version }) => before !== version);
    expect(moved.map(({ name }) => name)).toEqual(expect.arrayContaining([...named]));
    expect(moved.filter((moved) => moved.private)).toEqual([]);
  });

  it('has something to tell of every package that was never released', () => {
    const unreleased = packages.filter((it) => !it.private && it.before === '0.0.0');
    expect(unreleased.filter(({ name }) => !named.has(name)).map(({ name }) => name)).toEqual([]);
  });

  it('writes each changeset into the changelog of each package that it names', () => {
    for (const { name, version, changelog } of packages.filter((it) => named.has(it.name))) {
      expect(changelog).toMatch(new RegExp(`^# ${name}\n\n## ${version}\n`));
      for (const { bumps, text } of changesets) {
        if (!bumps.some((bump) => bump.name === name)) continue;
        expect(changelog).toContain(`- ${text.split('\n')[0]}`);
      }
    }
  });

  // A minor version of a peer dependency is a major one of its dependents, unless its range allows it.
  it('makes no major version that no changeset asks for', () => {
    const asked = changesets.flatMap(({ bumps }) => bumps.filter(({ bump }) => bump === 'major'));
    const major = (version: string) => Number(version.split('.')[0]);
    const made = packages.filter(({ before, version }) => major(version) > major(before));
    expect(made.map(({ name }) => name)).toEqual(asked.map(({ name }) => name));
  });
});

it.runIf(changesets.length)(
  'a canary has the moment in its version, and no number that a release could have',
  async () => {
    const packages = await rehearse('--snapshot', 'canary');
    for (const { version } of packages.filter(({ name }) => named.has(name))) {
      expect(version).toMatch(/^0\.0\.0-canary-\d{14}$/);
    }
  },
);

it('one workflow publishes, and npm can tell where from', () => {
  const workflows = new URL('../.github/workflows/', import.meta.url);
  const texts = readdirSync(workflows).map((file) => [file, readFileSync(new URL(file, workflows), 'utf8')]);
  const publishing = texts.filter(([, text]) => /NPM_TOKEN|changesets\/action/.test(text));
  expect(publishing.map(([file]) => file)).toEqual(['release.yml']);
  expect(publishing[0][1]).toContain('id-token: write');
  expect(publishing[0][1]).toContain('NPM_CONFIG_PROVENANCE: true');
});
