declare const RNNLAB_VERSION: string | undefined;

/** The version of the package; the build writes it in. */
export const version = typeof RNNLAB_VERSION === 'string' ? RNNLAB_VERSION : 'development';
