/**
 * Every rule of eslint.config.js turns red on code that breaks it and stays green beside it. A boundary that
 * nothing tests is one typing error away from allowing everything.
 */
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { arrows, publishesSuites, selfContained, testedWith } from '../eslint.config.js';

const eslint = new ESLint({ cwd: fileURLToPath(new URL('..', import.meta.url)) });

/** The rules that `code` breaks when it stands in `filePath`. */
async function broken(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result.messages.map(({ ruleId, message }) => ruleId ?? message);
}

const source = (name: string) => `packages/${name}/src/concept.ts`;
const names = Object.keys(arrows) as (keyof typeof arrows)[];
const IMPORT = ['no-restricted-imports'];

describe('the arrows between packages', () => {
  for (const from of names) {
    for (const to of names) {
      const allowed = (arrows[from] as string[]).includes(to);
      it(`${from} ${allowed ? 'may' : 'may not'} import ${to}`, async () => {
        const expected = allowed ? [] : IMPORT;
        expect(await broken(source(from), `export { x } from '@rnnlab/${to}';\n`)).toEqual(expected);
        const tested: string[] = testedWith[from as keyof typeof testedWith] ?? [];
        const inTest = allowed || from === to || tested.includes(to) ? [] : IMPORT;
        expect(await broken(`packages/${from}/src/a.test.ts`, `export * from '@rnnlab/${to}';\n`)).toEqual(
          inTest,
        );
      });
    }
  }

  it.each([
    ['a path behind the name', `export { x } from '@rnnlab/rnn/src/cell';`],
    ['the built files', `export { x } from '@rnnlab/rnn/dist/index.js';`],
    ['a name that only starts like an allowed one', `export { x } from '@rnnlab/rnn-extra';`],
    ['a suite for tests in a source', `export { x } from '@rnnlab/rnn/testing';`],
    ['a relative path to a sister', `export { x } from '../../rnn/src/cell';`],
    ['a relative path by way of packages/', `export { x } from '../../../packages/rnn/src/cell';`],
    ['a relative path to the root', `export { x } from '../../../scripts/pnpm.mjs';`],
    ['a type only', `import type { X } from '@rnnlab/gru';\nexport type Y = X;`],
  ])('refuse %s', async (_, code) => {
    expect(await broken(source('lstm'), `${code}\n`)).toEqual(IMPORT);
  });

  it.each([
    ['import()', `export const x = import('@rnnlab/gru');`],
    ['import() of Node', `export const x = import('node:fs');`],
  ])('refuse %s', async (_, code) => {
    expect(await broken(source('lstm'), `${code}\n`)).toEqual(['no-restricted-syntax']);
  });

  it.each([
    ['its own files', source('lstm'), `export * from './lstm-cell';\nexport * from '../src/lstm';`],
    ['its own files from a folder', 'packages/rnn/src/testing/a.ts', `export * from '../cell';`],
    ['suites in a test', 'packages/lstm/src/a.test.ts', `export * from '@rnnlab/rnn/testing';`],
    ['the test runner in a suite', 'packages/rnn/src/testing/a.ts', `export * from 'vitest';`],
    [
      'Node and libraries in a test',
      'packages/lstm/src/a.test.ts',
      `export * from 'node:fs';\nexport * from 'fast-check';`,
    ],
    [
      'Node and libraries in train',
      source('train'),
      `export * from 'node:fs';\nexport * from 'some-library';`,
    ],
  ])('allow %s', async (_, filePath, code) => {
    expect(await broken(filePath, `${code}\n`)).toEqual([]);
  });

  it('hold for examples, which may import every package but no path into one', async () => {
    expect(await broken('examples/a/main.ts', `export * from '@rnnlab/train';\n`)).toEqual([]);
    for (const path of ['@rnnlab/train/dist/index.js', '../../packages/train/src/index', '@rnnlab/unknown']) {
      expect(await broken('examples/a/main.ts', `export * from '${path}';\n`)).toEqual(IMPORT);
    }
  });
});

describe('self-contained packages', () => {
  it.each(selfContained)('%s imports neither Node nor any library', async (name) => {
    for (const outside of ['node:fs', 'fs', 'lodash', '@scope/library', 'vitest']) {
      expect(await broken(source(name), `export * from '${outside}';\n`)).toEqual(IMPORT);
    }
    expect(await broken(source(name), `export const x = process.argv;\n`)).toEqual(['no-restricted-globals']);
  });
});

it.each(publishesSuites)(
  'the suites that %s publishes need a test runner and nothing of Node',
  async (name) => {
    const suite = `packages/${name}/src/testing/a.ts`;
    expect(await broken(suite, `export * from 'vitest';\nexport * from 'fast-check';\n`)).toEqual([]);
    expect(await broken(suite, `export * from 'node:fs';\n`)).toEqual(IMPORT);
  },
);

it('lets what helps only the tests of a package import what tests may', async () => {
  for (const file of ['testing/a.ts', 'golden-a.ts']) {
    expect(await broken(`packages/optimizers/src/${file}`, `export * from 'node:fs';\n`)).toEqual([]);
    expect(await broken(`packages/optimizers/src/${file}`, `export * from '@rnnlab/rnn';\n`)).toEqual(IMPORT);
  }
});

describe('TensorFlow.js', () => {
  const others = names.filter((name) => name !== 'tf-compare');

  it.each(others)('is not imported by %s, its tests or its suites', async (name) => {
    for (const library of ['tfjs', 'tfjs-node', 'tfjs-core', 'tfjs-backend-wasm']) {
      for (const file of [
        source(name),
        `packages/${name}/src/a.test.ts`,
        `packages/${name}/src/testing/a.ts`,
      ]) {
        // a test of a self-contained package may use libraries, but not this one
        expect(await broken(file, `export * from '@tensorflow/${library}';\n`)).toEqual(IMPORT);
        expect(await broken(file, `export const x = import('@tensorflow/${library}');\n`)).toEqual([
          'no-restricted-syntax',
        ]);
      }
    }
    expect(
      await broken(source(name), `import type { X } from '@tensorflow/tfjs';\nexport type Y = X;\n`),
    ).toEqual(IMPORT);
  });

  it('is imported by tf-compare and its tests', async () => {
    for (const file of [source('tf-compare'), 'packages/tf-compare/src/a.test.ts']) {
      expect(await broken(file, `export * from '@tensorflow/tfjs';\n`)).toEqual([]);
      expect(await broken(file, `export const x = import('@tensorflow/tfjs');\n`)).toEqual([]);
      expect(await broken(file, `export * from '@rnnlab/attention';\n`)).toEqual(IMPORT);
    }
  });

  it('is not imported by examples', async () => {
    expect(await broken('examples/a/main.ts', `export * from '@tensorflow/tfjs';\n`)).toEqual(IMPORT);
  });
});

it.each([
  ['Math.random', `export const x = Math.random();`, 'no-restricted-properties'],
  ['Math.random taken apart', `const { random } = Math;\nexport { random };`, 'no-restricted-properties'],
  ['any', `export const x = (y: any) => y;`, '@typescript-eslint/no-explicit-any'],
  ['console', `console.log(1);`, 'no-console'],
  ['require', `export const x = require('./x');`, '@typescript-eslint/no-require-imports'],
  [
    'a type imported as a value',
    `import { X } from './x';\nexport type Y = X;`,
    '@typescript-eslint/consistent-type-imports',
  ],
  ['a type by import()', `export type X = import('./x').X;`, '@typescript-eslint/consistent-type-imports'],
  ['==', `export const x = (y: number) => y == 1;`, 'eqeqeq'],
  [
    'a directive that switches off nothing',
    `// eslint-disable-next-line eqeqeq\nexport const x = 1;`,
    "Unused eslint-disable directive (no problems were reported from 'eqeqeq').",
  ],
  ['a file of more than 300 lines', `${'// line\n'.repeat(300)}export const x = 1;`, 'max-lines'],
])('refuses %s', async (_, code, rule) => {
  expect(await broken(source('tensor'), `${code}\n`)).toEqual([rule]);
});

it('wants file names in kebab-case', async () => {
  for (const name of ['lstmCell', 'LSTMCell', 'lstm_cell']) {
    expect(await broken(`packages/lstm/src/${name}.ts`, '')).toEqual([
      'check-file/filename-naming-convention',
    ]);
  }
  expect(await broken('packages/lstm/src/lstm-cell.test.ts', '')).toEqual([]);
});

it('lets the command-line program write to the terminal, and a test be 400 lines long', async () => {
  expect(await broken(source('cli'), 'console.log(1);\n')).toEqual([]);
  expect(await broken('packages/rnn/src/a.test.ts', '// line\n'.repeat(400))).toEqual([]);
  expect(await broken('packages/rnn/src/a.test.ts', '// line\n'.repeat(401))).toEqual(['max-lines']);
});
