import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base';

/** As the libraries, but a program of Node that reads files beside itself. */
export default defineConfig({
  ...library(['src/index.ts', 'src/bin.ts']),
  platform: 'node',
  shims: true, // import.meta.url in the CommonJS form
});
