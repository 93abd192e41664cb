/**
 * Finding the system's BLAS: what it is called on each platform, and what to say when it is not there.
 *
 * Names are tried in this order; the dynamic loader looks for each where it looks for every library. Fast ones come
 * first: `libblas.so.3` may be the reference implementation, in which nothing is gained.
 */
import { ConfigError } from '@rnnlab/tensor';
import koffi, { type LibraryHandle } from 'koffi';

/** A library that was opened, and the name or path that did it. */
export interface OpenedLibrary {
  readonly path: string;
  readonly find: FindFunction;
}

/** A function of a library, whose arguments koffi checks. */
export type NativeFunction = (...args: unknown[]) => unknown;

/** A function of the library by its name, types of result and parameters in C; `undefined` where there is none. */
export type FindFunction = (name: string, result: string, parameters: string[]) => NativeFunction | undefined;

type Platform = 'linux' | 'darwin' | 'win32';

const candidates: Readonly<Record<Platform, readonly string[]>> = {
  linux: [
    ...['libopenblas.so.0', 'libopenblasp.so.0', 'libopenblas.so'],
    ...['libmkl_rt.so.2', 'libmkl_rt.so'],
    ...['libblis.so.4', 'libblis.so.3', 'libblis.so'],
    ...['libcblas.so.3', 'libblas.so.3'],
  ],
  darwin: [
    '/System/Library/Frameworks/Accelerate.framework/Accelerate',
    ...['/opt/homebrew/opt/openblas/lib/libopenblas.dylib', '/usr/local/opt/openblas/lib/libopenblas.dylib'],
    ...['libopenblas.dylib', 'libmkl_rt.dylib', 'libblis.dylib'],
  ],
  win32: ['libopenblas.dll', 'openblas.dll', 'mkl_rt.2.dll', 'mkl_rt.dll', 'libblis.dll'],
};

const remedies: Readonly<Record<Platform, string>> = {
  linux: 'Install OpenBLAS (Debian, Ubuntu: apt-get install libopenblas0; Fedora: dnf install openblas)',
  darwin: 'macOS brings Accelerate; or brew install openblas',
  win32: "Put OpenBLAS' libopenblas.dll in a folder on PATH",
};

/**
 * Opens a BLAS.
 *
 * @param wanted A path or name, e.g. `'libmkl_rt.so.2'`: that one and no other. Default: the environment variable
 *   `RNNLAB_BLAS`, else what is found first.
 * @throws {@link ConfigError} when there is none; never falls back to something else than was asked for.
 */
export function openBlas(
  wanted?: string,
  { env = process.env, platform = process.platform as string } = {},
): OpenedLibrary {
  const variable = env.RNNLAB_BLAS || undefined;
  const named = wanted ?? variable;
  const known: Platform = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const names = named === undefined ? candidates[known] : [named];
  const reasons: unknown[] = [];
  for (const path of names) {
    try {
      return { path, find: finder(koffi.load(path)) };
    } catch (reason) {
      reasons.push(reason);
    }
  }
  const remedy = `${remedies[known]}, or name the library: RNNLAB_BLAS=/path/to/library.`;
  if (named === undefined) {
    throw new ConfigError(`blasBackend: no BLAS was found; looked for ${names.join(', ')}. ${remedy}`, {
      cause: new AggregateError(reasons),
    });
  }
  const from = wanted === undefined ? 'RNNLAB_BLAS' : 'library';
  const reason = (reasons[0] as Error).message.replace(/\.$/, '');
  throw new ConfigError(
    `blasBackend: ${from} is ${JSON.stringify(named)}, which cannot be loaded: ${reason}. Correct it, or leave it out to look for ${candidates[known].join(', ')}.`,
    { cause: reasons[0] },
  );
}

/** How names begin: the OpenBLAS of Python packages says `scipy_cblas_sgemm`, to live beside another one. */
export const prefixes: readonly string[] = ['', 'scipy_'];

function finder(library: LibraryHandle): FindFunction {
  return (name, result, parameters) => {
    for (const prefix of prefixes) {
      try {
        return library.func(prefix + name, result, parameters) as NativeFunction;
      } catch {
        // koffi's only way of saying that there is none
      }
    }
    return undefined;
  };
}
