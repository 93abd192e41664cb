import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Bytes of what a bundler makes of `export { names }`, minified and gzipped. */
async function gzippedSize(names: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export ${names} from './index';`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

it('Adam alone costs at most 2 KiB', async () => {
  expect(await gzippedSize('{ Adam }')).toBeLessThanOrEqual(2048);
});

it('what has nothing to do with optimizers comes without them', async () => {
  expect(await gzippedSize('{ clipGradNorm }')).toBeLessThanOrEqual(800);
  expect(await gzippedSize('{ cosineSchedule }')).toBeLessThanOrEqual(600);
});

it('everything costs at most 10 kB', async () => {
  expect(await gzippedSize('*')).toBeLessThanOrEqual(10_000);
});
