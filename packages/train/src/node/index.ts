// The half of this package that needs Node: `import … from '@rnnlab/train/node'`. Everything that reads or writes a
// disk is exported here (texts, run logs, checkpoint files), so that `@rnnlab/train` itself runs in browsers too.
export { atomicWrite } from './atomic-write';
export { loadCheckpoint, saveCheckpoint } from './checkpoint-file';
export { CheckpointFolder } from './checkpoint-folder';
export { readText, textFiles, type ReadTextOptions } from './read-text';
export { RunLog } from './run-log';
export { StreamedTextDataset, type StreamedTextDatasetOptions } from './streamed-text-dataset';
