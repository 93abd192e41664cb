import { defineConfig } from 'tsup';

/**
 * The one build configuration of all libraries: ESM and CommonJS with declarations for both.
 * Everything tsup-specific stands here, so that changing the bundler is one commit.
 */
export function library(entry: string[] = ['src/index.ts']) {
  return defineConfig({
    entry,
    format: ['esm', 'cjs'],
    target: 'es2022',
    platform: 'neutral',
    tsconfig: 'tsconfig.build.json',
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    sourcemap: true,
    clean: true,
    treeshake: true,
    splitting: true,
    external: [/^node:/],
    removeNodeProtocol: false, // Deno knows Node's modules only as node:fs, node:path, …
  });
}
