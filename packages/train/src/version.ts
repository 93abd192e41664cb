import { version } from '../package.json';

/** Version of `@rnnlab/train`. */
export const libraryVersion: string = version;
