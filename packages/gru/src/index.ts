export type { GRUActivations, GRUCellOptions } from './gru-activations';
export { GRU, type GRUOptions } from './gru';
export { GRUCell, type GRUCache, type GRUGradients } from './gru-cell';
export {
  GRUResetBeforeCell,
  type GRUResetBeforeCache,
  type GRUResetBeforeGradients,
} from './gru-cell-reset-before';
