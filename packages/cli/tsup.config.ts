import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** As the libraries, but a program of Node that knows its version. */
export default defineConfig({
  ...library(['src/index.ts', 'src/bin.ts']),
  platform: 'node',
  shims: true, // import.meta.url in the CommonJS form
  define: { RNNLAB_VERSION: JSON.stringify(version) },
});
