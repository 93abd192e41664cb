export { defineConfig, type RnnlabConfig } from './define-config';
export type { CommandIO, OutputStream } from './io';
export { main } from './main';
