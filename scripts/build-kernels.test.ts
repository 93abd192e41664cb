import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('the committed wasm modules are what their sources compile to', () => {
  const printed = execFileSync(process.execPath, ['scripts/build-kernels.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect(printed.match(/up to date/g)?.length).toBeGreaterThanOrEqual(4);
});
