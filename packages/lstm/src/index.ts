export { LSTM, type LSTMOptions, type LSTMState } from './lstm';
export { LSTMCell } from './lstm-cell';
export type { LSTMActivations, LSTMCache, LSTMCellOptions } from './lstm-cell-base';
