export type { CommandIO, OutputStream } from './io';
export { main } from './main';
