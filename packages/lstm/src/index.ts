export { LSTM, type LSTMOptions, type LSTMState } from './lstm';
export { LSTMCell } from './lstm-cell';
export { LSTMBaseCell, type LSTMActivations, type LSTMCache, type LSTMCellOptions } from './lstm-cell-base';
export { LSTMCoupledCell } from './lstm-cell-coupled';
export {
  LSTMLayerNormCell,
  type LSTMLayerNormCache,
  type LSTMLayerNormGradients,
} from './lstm-cell-layer-norm';
export { LSTMPeepholeCell, type LSTMPeepholeCache } from './lstm-cell-peephole';
export {
  LSTMProjectedCell,
  type LSTMProjectedCache,
  type LSTMProjectedCellOptions,
  type LSTMProjectedGradients,
} from './lstm-cell-projected';
export type { LSTMVariantOptions } from './lstm-variant';
