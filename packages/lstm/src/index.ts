export { LSTM, type LSTMOptions, type LSTMState } from './lstm';
export { LSTMCell, type LSTMCache, type LSTMCellOptions } from './lstm-cell';
