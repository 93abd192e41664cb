/**
 * Makes a new library package with the settings that all packages share, or brings an existing one's
 * manifest and tsconfig files up to date.
 *
 *   node scripts/new-package.mjs NAME "One-line description." [--deps tensor,rnn] [--testing]
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { deps: { type: 'string', default: '' }, testing: { type: 'boolean', default: false } },
});
const [name, description] = positionals;
if (!/^[a-z][a-z-]*$/.test(name ?? '') || !description) {
  console.error('usage: new-package NAME "One-line description." [--deps tensor,rnn] [--testing]');
  process.exit(1);
}
const deps = values.deps.split(',').filter(Boolean);
const folder = new URL(`../packages/${name}/`, import.meta.url);
mkdirSync(new URL('src/', folder), { recursive: true });

const json = (file, content) => writeFileSync(new URL(file, folder), `${JSON.stringify(content, null, 2)}\n`);
const onlyIfMissing = (file, content) =>
  existsSync(new URL(file, folder)) || writeFileSync(new URL(file, folder), content);

const entryPoint = (stem) => ({
  import: { types: `./dist/${stem}.d.ts`, default: `./dist/${stem}.js` },
  require: { types: `./dist/${stem}.d.cts`, default: `./dist/${stem}.cjs` },
});

/** Dependencies on other people's packages, `bin` and the version are the package's own. */
const existing = existsSync(new URL('package.json', folder))
  ? JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'))
  : {};
const sisters = Object.fromEntries(deps.map((dep) => [`@rnnlab/${dep}`, 'workspace:^']));
const others = Object.entries(existing.dependencies ?? {}).filter(([dep]) => !dep.startsWith('@rnnlab/'));
const dependencies = { ...sisters, ...Object.fromEntries(others) };

json('package.json', {
  ...existing,
  name: `@rnnlab/${name}`,
  version: existing.version ?? '0.0.0',
  description,
  license: 'MIT',
  keywords: existing.keywords ?? ['rnn', 'lstm', 'gru', 'neural-network', 'from-scratch', 'typescript'],
  repository: {
    type: 'git',
    url: 'git+https://github.com/rnnlab/rnnlab.git',
    directory: `packages/${name}`,
  },
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20' },
  files: ['dist', 'README.md', 'CHANGELOG.md', 'LICENSE'],
  main: './dist/index.cjs',
  module: './dist/index.js',
  types: './dist/index.d.ts',
  exports: {
    '.': entryPoint('index'),
    ...(values.testing ? { './testing': entryPoint('testing/index') } : {}),
    './package.json': './package.json',
  },
  scripts: {
    build: 'tsup',
    'check:package': 'publint --strict && attw --pack . --profile node16',
    test: `vitest run --root ../.. packages/${name}/`,
    ...existing.scripts,
  },
  ...(Object.keys(dependencies).length ? { dependencies } : {}),
  // The suites under ./testing run in the user's own vitest; nothing else asks for it.
  ...(values.testing
    ? { peerDependencies: { vitest: '>=4' }, peerDependenciesMeta: { vitest: { optional: true } } }
    : {}),
  publishConfig: { access: 'public', provenance: true },
});

const own = (paths) =>
  Object.fromEntries(
    paths.flatMap((dep) => [
      [`@rnnlab/${dep}`, [`../${dep}/src/index.ts`]],
      [`@rnnlab/${dep}/testing`, [`../${dep}/src/testing/index.ts`]],
    ]),
  );
// Type checking reads the sisters' sources; a sister that is not referenced is an error (TS6307).
json('tsconfig.json', {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    composite: true,
    emitDeclarationOnly: true,
    rootDir: '.',
    outDir: '.tsbuild',
    paths: own([name, ...deps]),
  },
  include: ['src/**/*.ts'],
  references: deps.map((dep) => ({ path: `../${dep}` })),
});
// The build reads the sisters' published declarations, as a user's compiler would.
json('tsconfig.build.json', {
  extends: '../../tsconfig.base.json',
  include: ['src/**/*.ts'],
  exclude: ['src/**/*.test.ts'],
});

const entries = values.testing ? "['src/index.ts', 'src/testing/index.ts']" : '';
onlyIfMissing(
  'tsup.config.ts',
  `import { library } from '../../tsup.config.base';\n\nexport default library(${entries});\n`,
);
onlyIfMissing('README.md', `# @rnnlab/${name}\n\n${description}\n`);
onlyIfMissing('src/index.ts', 'export {};\n');
writeFileSync(new URL('LICENSE', folder), readFileSync(new URL('../LICENSE', import.meta.url)));

const root = new URL('../tsconfig.json', import.meta.url);
const solution = existsSync(root) ? JSON.parse(readFileSync(root, 'utf8')) : { files: [], references: [] };
if (!solution.references.some((reference) => reference.path === `packages/${name}`)) {
  solution.references.push({ path: `packages/${name}` });
  writeFileSync(root, `${JSON.stringify(solution, null, 2)}\n`);
}
// The documentation's snippets import every package from there.
const docs = new URL('../docs/package.json', import.meta.url);
const site = JSON.parse(readFileSync(docs, 'utf8'));
const used = Object.entries({ ...site.devDependencies, [`@rnnlab/${name}`]: 'workspace:^' });
site.devDependencies = Object.fromEntries(used.sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(docs, `${JSON.stringify(site, null, 2)}\n`);

execFileSync('pnpm', ['exec', 'biome', 'format', '--write', `packages/${name}`, 'tsconfig.json'], {
  cwd: new URL('..', import.meta.url),
  shell: process.platform === 'win32',
});
console.log(`packages/${name} is ready. Add it to the arrows in eslint.config.js, to the picture in CONTRIBUTING.md and to
the table in README.md (\`pnpm unit scripts\` says what is missing), then run \`pnpm install\`.`);
