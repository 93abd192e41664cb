/**
 * Type-checks and runs every TypeScript snippet that a reader may copy: from the READMEs, the pages of docs/ and
 * the `@example`s in the sources, through the built packages. Run `pnpm build` first.
 *
 * A snippet without an import goes on from the one before it on its page. One that imports the test runner is only
 * type-checked; one whose fence says `ts no-run` is a sketch and is left alone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = join(root, 'docs/.snippets'); // inside docs, whose dependencies are the packages

/** Every page and source file that may hold snippets. */
function files() {
  const below = (folder, wanted) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((file) => wanted.test(file) && !/node_modules|\/api\/|\.vitepress|\.snippets/.test(file));
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  return [
    'README.md',
    ...below('docs', /\.md$/),
    ...packages.map((folder) => `${folder}/README.md`).filter((file) => existsSync(join(root, file))),
    ...packages.flatMap((folder) => below(`${folder}/src`, /(?<!\.test)\.ts$/)),
  ];
}

/** The snippets of one file, each with the line it starts on. */
function snippetsOf(file) {
  const isPage = file.endsWith('.md');
  const snippets = [];
  let current;
  for (const [i, line] of readFileSync(join(root, file), 'utf8').split('\n').entries()) {
    const text = isPage ? line : line.replace(/^\s*\* ?/, '');
    if (current) {
      if (/^```\s*$/.test(text)) current = undefined;
      else current.code += `${text}\n`;
      continue;
    }
    if (!/^```ts\s*$/.test(text) || (!isPage && !/^\s*\*/.test(line))) continue;
    snippets.push((current = { file, line: i + 1, code: '' }));
  }
  return isPage ? joinContinued(snippets) : snippets;
}

function joinContinued(snippets) {
  return snippets.reduce((whole, snippet) => {
    const previous = whole.at(-1);
    if (!previous || /^import /m.test(snippet.code)) return [...whole, snippet];
    return [...whole.slice(0, -1), { ...previous, code: `${previous.code}${snippet.code}` }];
  }, []);
}

const snippets = files()
  .flatMap(snippetsOf)
  .map((snippet) => ({
    ...snippet,
    name: `${snippet.file.replace(/\W+/g, '-')}-${snippet.line}`,
    runs: !/from 'vitest'/.test(snippet.code),
  }));

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
for (const { name, file, line, code } of snippets) {
  writeFileSync(join(work, `${name}.ts`), `// ${file}:${line}\n${code}export {};\n`);
}
const compilerOptions = {
  declaration: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  outDir: 'out',
  rootDir: '.',
};
writeFileSync(
  join(work, 'tsconfig.json'),
  JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, include: ['*.ts'] }),
);
writeFileSync(join(work, 'package.json'), '{ "type": "module" }');

const types = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', work]);
if (!types.ok) fail(types.output);

// One process for all: what takes time is starting Node and loading the packages.
const runner = `
import { chdir } from 'node:process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
chdir(mkdtempSync(tmpdir() + '/rnnlab-snippets-')); // a snippet may write a file
let failed = 0;
console.log = () => {};
for (const { name, file, line } of ${JSON.stringify(snippets.filter(({ runs }) => runs))}) {
  try {
    await import('./out/' + name + '.js');
  } catch (error) {
    failed++;
    console.error(file + ':' + line + '\\n' + (error?.stack ?? error) + '\\n');
  }
}
process.exitCode = failed ? 1 : 0;
process.stdout.write('ran');
`;
writeFileSync(join(work, 'run.mjs'), runner);
const running = await run(process.execPath, [join(work, 'run.mjs')]);
if (!running.ok || !running.output.endsWith('ran')) fail(running.output);

const ran = snippets.filter(({ runs }) => runs).length;
console.log(`${ran} snippets run, ${snippets.length - ran} only type-checked`);

function fail(output) {
  console.error(output || 'the snippets ended before their end');
  process.exit(1);
}
