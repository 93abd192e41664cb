/** Where setup-openblas.mjs keeps the library that it fetches. */
import { fileURLToPath } from 'node:url';

export const cachedOpenBlas = fileURLToPath(
  new URL('../node_modules/.cache/openblas/scipy_openblas32/lib/libscipy_openblas.so', import.meta.url),
);
