import packageJson from '../package.json';

/** Version of `@rnnlab/train`. */
export const libraryVersion: string = packageJson.version;
