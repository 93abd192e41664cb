/** Runs the program in a page and leaves what it found where the test driver looks. */
import { run } from './train-names.mjs';

window.found = run().then(
  (found) => ({ ...found, isolated: crossOriginIsolated }),
  (error) => ({ error: String(error?.stack ?? error) }),
);
