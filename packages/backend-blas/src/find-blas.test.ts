/** What is said when there is no BLAS. */
import { ConfigError } from '@rnnlab/tensor';
import { describe, expect, it } from 'vitest';
import { blasBackend } from './blas-backend';
import { bindBlas } from './blas-library';
import { openBlas } from './find-blas';
import { hasBlas, systemBlas } from './testing/system-blas';

it('names what was looked for and what to install', () => {
  const search = () => openBlas(undefined, { env: {}, platform: 'win32' });
  if (process.platform === 'win32') return;
  expect(search).toThrow(
    new ConfigError(
      'blasBackend: no BLAS was found; looked for libopenblas.dll, openblas.dll, mkl_rt.2.dll, mkl_rt.dll, libblis.dll. ' +
        "Put OpenBLAS' libopenblas.dll in a folder on PATH, or name the library: RNNLAB_BLAS=/path/to/library.",
    ),
  );
});

it.each([
  ['linux', 'libopenblas.so.0, '],
  ['darwin', '/System/Library/Frameworks/Accelerate.framework/Accelerate, '],
  ['win32', 'libopenblas.dll, '],
])('knows the names on %s', (platform, first) => {
  expect(() => openBlas('/no/such/library', { env: {}, platform })).toThrow(`to look for ${first}`);
});

it('never takes another library than RNNLAB_BLAS or the option names', () => {
  const env = { RNNLAB_BLAS: 'libno-such-blas.so.7' };
  expect(() => openBlas(undefined, { env, platform: 'linux' })).toThrow(
    /^blasBackend: RNNLAB_BLAS is "libno-such-blas\.so\.7", which cannot be loaded: .+\. Correct it, or leave it out to look for libopenblas\.so\.0, /,
  );
  expect(() => blasBackend({ library: '/no/such/folder/libblas.so' })).toThrow(
    /^blasBackend: library is "\/no\/such\/folder\/libblas\.so", which cannot be loaded: /,
  );
});

describe('a library that is no BLAS', () => {
  it('is refused', () => {
    expect(() => bindBlas({ path: 'libno.so', find: () => undefined })).toThrow(
      new ConfigError(
        'blasBackend: "libno.so" has neither cblas_sgemm nor sgemm_, so it is no BLAS. Name another library with RNNLAB_BLAS.',
      ),
    );
  });

  it('is refused when its products are wrong', () => {
    expect(() => bindBlas({ path: 'libwrong.so', find: () => () => undefined })).toThrow(
      new ConfigError(
        'blasBackend: "libwrong.so" gives wrong products; perhaps its integers have 64 bits (ILP64). Name another library with RNNLAB_BLAS.',
      ),
    );
  });
});

it.each([0, 1.5, 65, NaN])('refuses %d threads', (threads) => {
  expect(() => blasBackend({ threads })).toThrow(
    new ConfigError(`blasBackend: threads is ${threads}, expected an integer from 1 to 64, or 'auto'.`),
  );
});

describe.runIf(hasBlas)('with a BLAS', () => {
  it('takes the option before RNNLAB_BLAS, and tells what it took', () => {
    const { path } = openBlas(systemBlas.library, { env: { RNNLAB_BLAS: '/no/such/library' } });
    expect(path).toBe(systemBlas.library);
    expect(openBlas(undefined, { env: { RNNLAB_BLAS: path } }).path).toBe(path);
    expect(systemBlas.name).toMatch(/^blas \(.+\)$/);
  });

  it('passes memoryMiB on to the memory', () => {
    expect(() => blasBackend({ memoryMiB: 5 })).toThrow(
      /memoryMiB is 5, expected an integer from 64 to 4095/,
    );
  });
});
