import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { cachedOpenBlas } from './scripts/cached-openblas.mjs';

const packages = fileURLToPath(new URL('./packages', import.meta.url));

/**
 * Unit tests run on the sources (no build needed while working); the built form is tested by
 * `check:package`, by the examples and by scripts/publish-local.mjs.
 */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@rnnlab\/([a-z-]+)\/testing$/, replacement: `${packages}/$1/src/testing/index.ts` },
      { find: /^@rnnlab\/optimizers\/kernels$/, replacement: `${packages}/optimizers/src/kernels/index.ts` },
      { find: /^@rnnlab\/train\/node$/, replacement: `${packages}/train/src/node/index.ts` },
      { find: /^@rnnlab\/([a-z-]+)$/, replacement: `${packages}/$1/src/index.ts` },
    ],
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/*.test.ts', 'bench/*.test.ts'],
    // Fetched by scripts/setup-openblas.mjs where the system has no BLAS.
    env: existsSync(cachedOpenBlas) ? { RNNLAB_BLAS: process.env.RNNLAB_BLAS ?? cachedOpenBlas } : {},
    passWithNoTests: false,
    allowOnly: false,
    setupFiles: ['vitest.setup.ts'],
    testTimeout: 60_000,
  },
});
