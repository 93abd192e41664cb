/**
 * The arrows of eslint.config.js and what each package declares are the same: its dependencies, its
 * TypeScript references, and the picture that a contributor sees. Lint alone would not see a dependency that
 * nothing imports, nor an import that resolves only because of a neighbour's node_modules.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { arrows, publishesSuites, selfContained, testedWith } from '../eslint.config.js';

const root = new URL('../', import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const packages = readdirSync(new URL('packages/', root)).filter((name) =>
  existsSync(new URL(`packages/${name}/package.json`, root)),
);

/** As it is published: `create-rnnlab` has no scope, since `npm create rnnlab` looks for that name. */
const nameOf = (folder: string): string => json(`packages/${folder}/package.json`).name;

it('gives every package its arrows and no arrow to a package that is not there', () => {
  expect(Object.keys(arrows).sort()).toEqual([...packages].sort());
});

it('names every package in the dependency picture of CONTRIBUTING.md and in the table of README.md', () => {
  for (const file of ['CONTRIBUTING.md', 'README.md']) {
    const text = readFileSync(new URL(file, root), 'utf8');
    expect(packages.filter((name) => !text.includes(nameOf(name)))).toEqual([]);
  }
});

it('type-checks every package from the root', () => {
  const references = json('tsconfig.json').references.map(({ path }: { path: string }) => path);
  for (const name of packages) expect(references).toContain(`packages/${name}`);
});

it.each(selfContained)('%s installs nothing from outside', (name) => {
  const { dependencies, optionalDependencies } = json(`packages/${name}/package.json`);
  expect(Object.keys(dependencies ?? {}).filter((name) => !name.startsWith('@rnnlab/'))).toEqual([]);
  expect(optionalDependencies).toBeUndefined();
});

it('lets the snippets of the documentation import every package', () => {
  const { devDependencies } = json('docs/package.json');
  const libraries = packages.map(nameOf).filter((name) => name.startsWith('@rnnlab/'));
  expect(libraries.filter((name) => !devDependencies[name])).toEqual([]);
});

it('publishes suites for tests where lint takes them for published', () => {
  const publishing = packages.filter((name) => json(`packages/${name}/package.json`).exports['./testing']);
  expect(publishing.sort()).toEqual([...publishesSuites].sort());
});

describe.each(packages)('%s', (name) => {
  const manifest = json(`packages/${name}/package.json`);
  const sisters = arrows[name as keyof typeof arrows] as string[];

  it('depends only on the packages that its arrows point to', () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter((dependency) => dependency.startsWith('@rnnlab/'))
      .map((dependency) => dependency.slice('@rnnlab/'.length));
    expect(declared.filter((dependency) => !sisters.includes(dependency))).toEqual([]);
    const referenced = json(`packages/${name}/tsconfig.json`).references.map(({ path }: { path: string }) =>
      path.replace('../', ''),
    );
    const seen = [...sisters, ...(testedWith[name as keyof typeof testedWith] ?? [])];
    expect(referenced.filter((reference: string) => !seen.includes(reference))).toEqual([]);
  });

  it.runIf(manifest.exports?.['.'])('has type tests of what it exports, which tsc -b checks', () => {
    const types = readFileSync(new URL(`packages/${name}/src/types.test-d.ts`, root), 'utf8');
    expect(types).toContain("from './index'");
    expect(types).toMatch(/expectTypeOf/);
    expect(types).toMatch(/@ts-expect-error/);
  });

  it('is published whole: licence, README, types for import and require, provenance', () => {
    expect(existsSync(new URL(`packages/${name}/LICENSE`, root))).toBe(true);
    expect(readFileSync(new URL(`packages/${name}/README.md`, root), 'utf8')).toContain(`# ${nameOf(name)}`);
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20' },
      repository: { directory: `packages/${name}` },
      publishConfig: { access: 'public', provenance: true },
      exports: { '.': { import: { types: './dist/index.d.ts' }, require: { types: './dist/index.d.cts' } } },
    });
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'README.md', 'CHANGELOG.md', 'LICENSE']));
  });
});
