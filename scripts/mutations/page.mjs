/** The table of mutations in docs/testing.md. */
import { readFileSync, writeFileSync } from 'node:fs';

const page = new URL('../../docs/testing.md', import.meta.url);
const [begin, end] = [
  '<!-- mutations: written by npm run mutations -- --markdown -->',
  '<!-- end of mutations -->',
];

/** The cells that follow from the list alone. */
export function rowOf({ what, file, tests }) {
  const names = tests.map((test) => `\`${test.split('/').at(-1)}\``).join(', ');
  const link = `[${file.split('/').at(-1)}](https://github.com/rnnlab/rnnlab/blob/main/${file})`;
  return [escape(what), link, names].join(' | ');
}

/** Writes the table, with the first test that turned red in the last column. */
export function writeTable(mutations, killerOf) {
  const rows = mutations.map((mutation) => `| ${rowOf(mutation)} | ${escape(nameOf(killerOf(mutation)))} |`);
  const table = ['| mistake | in | tests | first to turn red |', '|---|---|---|---|', ...rows].join('\n');
  const { before, after } = parts();
  writeFileSync(page, `${before}${begin}\n\n${table}\n\n${end}${after}`);
}

/** The rows of the page as they are, without the last column. */
export function rowsOfPage() {
  const rows = parts()
    .table.split('\n')
    .filter((line) => line.startsWith('| '));
  return rows.slice(1).map((row) => row.slice(2).split(' | ').slice(0, 3).join(' | '));
}

function parts() {
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`docs/testing.md: the marks "${begin}" and "${end}" are missing.`);
  return {
    before: text.slice(0, from),
    table: text.slice(from + begin.length, to),
    after: text.slice(to + end.length),
  };
}

/** The test without its file, which has a column of its own. */
const nameOf = (killer) => killer.replace(/^\S+: /, '');
const escape = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
