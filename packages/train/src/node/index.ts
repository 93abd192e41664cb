// The half of this package that needs Node: files. `import … from '@rnnlab/train/node'`. Everything that reads or
// writes a disk is exported here (texts, run logs, checkpoint files), so that `@rnnlab/train` runs in browsers.
export { readText, type ReadTextOptions } from './read-text';
export { RunLog } from './run-log';
