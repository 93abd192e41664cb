/**
 * Lint: the arrows between packages, what makes results reproducible, and what keeps files readable.
 * Formatting is biome's. No rule here needs type information, so that linting takes seconds.
 *
 * scripts/lint-rules.test.ts proves that every rule below turns red on code that breaks it.
 */
import checkFile from 'eslint-plugin-check-file';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Which package may import which: arrows point down only. The one table, picture in CONTRIBUTING.md. */
export const arrows = {
  tensor: [],
  tokenizer: [],
  optimizers: ['tensor'],
  rnn: ['tensor'],
  lstm: ['rnn', 'tensor'],
  gru: ['rnn', 'tensor'],
  attention: ['rnn', 'tensor'],
  train: ['tensor', 'tokenizer', 'optimizers', 'rnn', 'lstm', 'gru'],
  'backend-blas': ['tensor'],
  'tf-compare': ['tensor', 'tokenizer', 'optimizers', 'rnn', 'lstm', 'gru', 'train'],
  cli: ['tensor', 'tokenizer', 'optimizers', 'rnn', 'lstm', 'gru', 'train', 'tf-compare', 'backend-blas'],
  'create-rnnlab': [], // writes files that import others
};

/** What the tests of a package may import besides: packages above it, whose layers run on what it brings. */
export const testedWith = {
  'backend-blas': ['tokenizer', 'optimizers', 'rnn', 'lstm', 'gru', 'train'],
};

/** These run in any JavaScript engine and install nothing: no third-party import, no `node:` import. */
export const selfContained = ['tensor', 'tokenizer', 'optimizers', 'rnn', 'lstm', 'gru', 'attention'];

/** Entry points like `@rnnlab/train` itself: its half that needs Node, and the half of the optimizers that needs a backend. */
const furtherEntries = { train: ['train/node'], optimizers: ['optimizers/kernels'] };

/** The only package that may know TensorFlow.js. */
const knowsTensorFlow = 'tf-compare';

const RELATIVE = String.raw`\.{1,2}(?:/|$)`;

/**
 * The patterns of a module name that a file may not import.
 *
 * @param {object} scope
 * @param {string} scope.who names the importing files in the message
 * @param {string[]} scope.sisters names of packages that may be imported
 * @param {boolean} scope.testing whether `@rnnlab/x/testing` may be imported too
 * @param {string[] | undefined} scope.outside what else may be imported, as regular expressions; undefined is anything
 * @param {boolean} [scope.tensorFlow] whether TensorFlow.js may be imported
 */
function forbiddenImports({ who, sisters, testing, outside, tensorFlow }) {
  const entries = sisters.flatMap((name) => [...(furtherEntries[name] ?? []), name]);
  const names = sisters.length ? `(?:${entries.join('|')})${testing ? '(?:/testing)?' : ''}$` : '(?!)';
  const folders = ['packages', 'examples', 'docs', 'scripts', 'bench', ...Object.keys(arrows)].join('|');
  const allowed = sisters.map((name) => `@rnnlab/${name}`).join(', ') || 'no other package';
  return [
    {
      regex: `^@rnnlab/(?!${names})`,
      message: `${who} may import ${allowed}, by name and without a path behind it. The arrows stand in eslint.config.js.`,
    },
    {
      regex: String.raw`^\.\.?/(?:.*/)?\.\./(?:${folders})(?:/|$)|^\.\./(?:\.\./){2,}`,
      message: 'A relative import may not leave its package: import the other package by its name.',
    },
    outside
      ? {
          regex: `^(?!@rnnlab/|${[RELATIVE, ...outside].join('|')})`,
          message: `${who} runs in any JavaScript engine and installs nothing: no third-party and no node: import.`,
        }
      : { regex: '^@tensorflow/', message: `Only @rnnlab/${knowsTensorFlow} may import TensorFlow.js.` },
  ].filter(({ regex }) => !(tensorFlow && regex === '^@tensorflow/'));
}

/** `forbiddenImports` for static imports and exports and for `import()`; `consistent-type-imports` refuses types by `import('…')`. */
function importBoundaries(scope) {
  const patterns = forbiddenImports(scope);
  return {
    'no-restricted-imports': [
      'error',
      { patterns: patterns.map((pattern) => ({ ...pattern, caseSensitive: true })) },
    ],
    'no-restricted-syntax': [
      'error',
      ...patterns.map(({ regex, message }) => ({
        selector: `ImportExpression > Literal.source[value=/${regex.replaceAll('/', String.raw`\u002f`)}/]`,
        message,
      })),
    ],
  };
}

/** Packages whose `src/testing` is published as `@rnnlab/x/testing`; elsewhere it is help for the package's own tests. */
export const publishesSuites = ['tensor', 'rnn'];

/** Tests, and what reads golden vectors for them. Not in what is published. */
const TESTS = '{*.test,*.test-d,golden-*}.ts';
const test = { testing: true, outside: undefined };

const boundaries = Object.entries(arrows).flatMap(([name, sisters]) => {
  const who = `@rnnlab/${name}`;
  const pure = selfContained.includes(name);
  const tensorFlow = name === knowsTensorFlow;
  const testSupport = publishesSuites.includes(name) ? [] : [`packages/${name}/src/testing/**/*.ts`];
  const tests = [`packages/${name}/src/**/${TESTS}`, ...testSupport];
  return [
    {
      files: [`packages/${name}/src/**/*.ts`],
      rules: importBoundaries({ who, sisters, testing: false, outside: pure ? [] : undefined, tensorFlow }),
    },
    {
      // Suites that other packages run too: published, so they obey the arrows; their test runner is a peer.
      files: [`packages/${name}/src/testing/**/*.ts`],
      rules: importBoundaries({
        who: `${who}/testing`,
        sisters,
        testing: true,
        outside: pure ? ['vitest$', 'fast-check$'] : undefined,
        tensorFlow,
      }),
    },
    {
      files: tests,
      rules: importBoundaries({
        who: `A test of ${who}`,
        sisters: [...sisters, ...(testedWith[name] ?? []), name],
        tensorFlow,
        ...test,
      }),
    },
    ...(pure
      ? [
          {
            files: [`packages/${name}/src/**/*.ts`],
            ignores: tests,
            rules: {
              'no-restricted-globals': [
                'error',
                ...['process', 'Buffer', '__dirname', '__filename', 'window', 'document'].map((global) => ({
                  name: global,
                  message: `${who} runs in Node, Deno, Bun and browsers alike.`,
                })),
              ],
            },
          },
        ]
      : []),
  ];
});

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/.tsbuild/',
    '**/.turbo/',
    '**/coverage/',
    '**/.venv/', // Python's libraries, some with JavaScript in them
    '**/fixtures/',
    '**/generated/', // written by a code generator
    '**/*.as.ts', // AssemblyScript: TypeScript's syntax, other rules
    'docs/api/',
    'docs/.snippets/',
    'docs/.vitepress/cache/',
  ]),
  {
    files: ['**/*.{ts,mts,js,mjs}'],
    extends: [tseslint.configs.recommended],
    plugins: { 'check-file': checkFile },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Use Rng from @rnnlab/tensor: every run must be repeatable.',
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off', // bounds that a loop guarantees
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'check-file/filename-naming-convention': [
        'error',
        { '**/*.{ts,mts,js,mjs}': 'KEBAB_CASE' },
        { ignoreMiddleExtensions: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', 300],
      'prefer-const': ['error', { destructuring: 'all' }],
    },
  },
  {
    files: [`**/${TESTS}`, '**/src/testing/**/*.ts'],
    rules: {
      'max-lines': ['error', 400],
      '@typescript-eslint/no-explicit-any': 'off', // fixtures are JSON of many shapes
    },
  },
  {
    // The command-line program is the one package that writes to a terminal.
    files: ['packages/*/src/**/*.ts'],
    ignores: ['packages/cli/**', `**/${TESTS}`],
    rules: { 'no-console': 'error' },
  },
  ...boundaries,
  {
    // Downstream users: any package by its name, none by a path.
    files: ['examples/**/*.{ts,mjs}', 'docs/**/*.{ts,mts,mjs}'],
    rules: importBoundaries({
      who: 'An example',
      sisters: Object.keys(arrows),
      testing: false,
      outside: undefined,
    }),
  },
);
