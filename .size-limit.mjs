/**
 * What a web page pays for a package: bundled by esbuild, minified by terser (as webpack and Rollup do; esbuild's own
 * minifier gives some 4 % more), gzipped. `pnpm size` measures the built packages. A whole package is counted without
 * the list of its export names, which is gone in an application's bundle.
 *
 * The budgets of single imports are what a bundler leaves of a package when it is asked for one thing: they turn red
 * when something comes along that was not asked for.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { minify } from 'terser';

const terser = {
  name: 'terser',
  setup({ onEnd }) {
    onEnd(async ({ metafile }) => {
      for (const file of Object.keys(metafile?.outputs ?? {})) {
        // esbuild has left out what nothing imports; a whole package has nothing more that is unused.
        const { code } = await minify(await readFile(file, 'utf8'), { compress: { unused: false } });
        await writeFile(file, code);
      }
    });
  },
};

const dist = (name) => `packages/${name}/dist/index.js`;

/** A package as a whole, or what `import { … }` takes out of it. */
function budget(name, limit, imported) {
  return {
    name: `@rnnlab/${name}${imported ? ` { ${imported} }` : ''}`,
    path: dist(name),
    ...(imported && { import: `{ ${imported} }` }),
    limit,
    gzip: true,
    // Without the paths in our tsconfig files, which lead to the sources of sister packages.
    modifyEsbuildConfig: (config) => ({ ...config, tsconfigRaw: {}, plugins: [terser] }),
  };
}

/** Everything that a program with an LSTM can import, wasm included: the three packages in one bundle. */
const lstm = budget('lstm', '45 kB');
const lstmWithSisters = {
  ...lstm,
  name: '@rnnlab/lstm with rnn and tensor',
  modifyEsbuildConfig: (config) => ({
    ...lstm.modifyEsbuildConfig(config),
    entryPoints: undefined,
    stdin: {
      contents: ['lstm', 'rnn', 'tensor'].map((name) => `export * from './${dist(name)}';`).join('\n'),
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
  }),
};

/** What the kernels add where the optimizers and tensor are there anyway: the compiled loops, mostly. */
const updateKernels = budget('optimizers', '8 kB');
const kernels = {
  ...updateKernels,
  name: '@rnnlab/optimizers/kernels beside tensor',
  path: 'packages/optimizers/dist/kernels/index.js',
  ignore: ['@rnnlab/tensor'],
};

export default [
  budget('tokenizer', '5 kB'),
  budget('tokenizer', '3 kB', 'CharTokenizer'),
  budget('optimizers', '8 kB'),
  budget('optimizers', '2 kB', 'Adam'),
  budget('optimizers', '0.8 kB', 'clipGradNorm'),
  budget('optimizers', '0.6 kB', 'cosineSchedule'),
  kernels,
  lstmWithSisters,
  budget('lstm', '30 kB', 'LSTM'),
  budget('gru', '28 kB', 'GRU'),
  budget('rnn', '16 kB', 'crossEntropy'),
  budget('tensor', '1.5 kB', 'Rng'),
];
