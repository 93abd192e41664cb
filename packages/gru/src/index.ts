export type { GRUActivations, GRUCellOptions } from './gru-activations';
export { GRU, type GRUOptions } from './gru';
export { GRUCell, type GRUCache, type GRUGradients } from './gru-cell';
export {
  GRUResetBeforeCell,
  type GRUBeforeCache,
  type GRUBeforeGradients,
} from './gru-cell-reset-before';
