import { defineConfig } from 'tsup';
import { library } from '../../tsup.config.base';

/** As the libraries, but for Node, and with import.meta.url in the CommonJS form: workers find koffi from there. */
export default defineConfig({ ...library(), platform: 'node', shims: true });
