export type { Checkpoint, HistoryEntry, LoadedCheckpoint } from './checkpoint';
export { checkpointChunks, readCheckpoint } from './checkpoint';
export {
  modelFromCheckpoint,
  tokenizerFromCheckpoint,
  weightsOf,
  type ModelFromCheckpointOptions,
} from './model-from-checkpoint';
export { atomicWrite } from './node/atomic-write';
export { loadCheckpoint, saveCheckpoint } from './node/checkpoint-file';
export { CheckpointFolder } from './node/checkpoint-folder';
export { libraryVersion } from './version';
