/**
 * The declarations of every package under `nodenext` (as a module and as CommonJS) and `bundler`, by TypeScript 5.4
 * and the newest; with `every`, some between too. `skipLibCheck` is off: what we publish has to be right in itself.
 */
import { join } from 'node:path';
import { root } from '../../pinned-pnpm.mjs';
import { installable, project } from '../project.mjs';
import { tool } from '../tool.mjs';

const OLDEST = 'typescript-5.4';
const BETWEEN = ['typescript-5.7', 'typescript-5.9'];
const WORKSPACE = 'typescript';
const NEWEST = 'typescript-7.0';

/**
 * Declarations of others that are not ours to mend: TensorFlow.js' are wrong under any TypeScript, and the command takes
 * streams of Node. Checked with `@types/node` and without a look into declarations.
 */
const leaningOnOthers = ['@rnnlab/tf-compare', '@rnnlab/cli'];

/** A program whose mistakes a compiler sees only if it sees our types: `any` would accept both. */
const program = `
import { LSTM, type LSTMOptions } from '@rnnlab/lstm';
import { Adam } from '@rnnlab/optimizers';
import { generate, LanguageModel } from '@rnnlab/rnn';
import { type DType, Tensor } from '@rnnlab/tensor';

const options: LSTMOptions = { inputSize: 3, hiddenSize: 4, numLayers: 2 };
const lstm = new LSTM(options);
const { output, state, cache } = lstm.forward(Tensor.full([5, 2, 3], 0.1));
const dtype: DType = output.dtype;
const cell: Tensor = state.c;
lstm.backward(cache, { output });
new Adam(lstm.parameters(), { learningRate: 0.01 }).step();
export const model = new LanguageModel({ vocabSize: 3, recurrent: lstm });
export async function write(): Promise<string> {
  let text = '';
  for await (const part of generate(model, { prompt: [0], maxNewTokens: 3 })) text += part.text;
  return text + dtype + cell.size;
}
// @ts-expect-error a size is a number
new LSTM({ inputSize: '3', hiddenSize: 4 });
// @ts-expect-error an LSTM has no such state
state.hidden;
`;

const common = {
  target: 'es2022',
  lib: ['ES2023', 'DOM', 'DOM.AsyncIterable'],
  types: [],
  strict: true,
  noEmit: true,
};
const nodenext = { ...common, module: 'nodenext', moduleResolution: 'nodenext' };
const bundler = { ...common, module: 'esnext', moduleResolution: 'bundler' };

/** Imports all entry points of `manifests`, but suites that need a test runner. */
function importAll(manifests) {
  return manifests
    .flatMap(({ name, exports }) => Object.keys(exports).map((path) => name + path.slice(1)))
    .filter((entry) => !/\/(?:testing|package\.json)$/.test(entry))
    .map((entry, i) => `import * as entry${i} from '${entry}';\nexport { entry${i} };\n`)
    .join('');
}

export async function types(registry, published, { every = false } = {}) {
  const manifests = published.map(({ manifest }) => manifest);
  const own = importAll(manifests.filter(({ name }) => !leaningOnOthers.includes(name)));
  const config = (compilerOptions, files) => JSON.stringify({ compilerOptions, files });
  const { must } = await project(registry, {
    name: 'types',
    files: {
      'package.json': '{ "private": true }',
      'program.mts': program,
      'program.cts': program,
      'own.mts': own,
      'own.cts': own,
      'all.mts': importAll(manifests),
      'tsconfig.nodenext.json': config(nodenext, ['program.mts', 'program.cts', 'own.mts', 'own.cts']),
      'tsconfig.bundler.json': config(bundler, ['program.mts', 'own.mts']),
      'tsconfig.all.json': config({ ...bundler, skipLibCheck: true, types: ['node'] }, ['all.mts']),
    },
    install: [...manifests.map((manifest) => installable(registry, manifest)), '@types/node@20'],
    flags: ['--ignore-scripts'],
  });
  const { path } = await tool('typescript');
  const compile = (version, settings) => {
    const folder = version === WORKSPACE ? join(root, 'node_modules/typescript') : path(version);
    return must(
      process.execPath,
      join(folder, 'bin/tsc'),
      '--pretty',
      'false',
      '--project',
      `tsconfig.${settings}.json`,
    );
  };
  const versions = every ? [OLDEST, ...BETWEEN, WORKSPACE, NEWEST] : [OLDEST, NEWEST];
  for (const version of versions) {
    for (const settings of ['nodenext', 'bundler']) await compile(version, settings);
  }
  await compile(WORKSPACE, 'all');
  return `${versions.map((version) => version.replace('-', ' ')).join(', ')} under nodenext and bundler`;
}
