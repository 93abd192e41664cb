/** PyTorch's golden vectors for all three cells on the system's BLAS, in float32 and, by dgemm, in float64. */
import { readFileSync } from 'node:fs';
import { GRU, GRUCell } from '@rnnlab/gru';
import { LSTM, LSTMCell } from '@rnnlab/lstm';
import { RNN, RNNCell } from '@rnnlab/rnn';
import { describeTorchCells, describeTorchLayers } from '@rnnlab/rnn/testing';
import { describe } from 'vitest';
import { hasBlas, systemBlas } from './testing/system-blas';

/** Each package keeps the vectors of its own cell. */
const fixture = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

const runs = [
  { dtype: 'float64', backend: systemBlas },
  { dtype: 'float32', backend: systemBlas },
] as const;

describe.runIf(hasBlas)('golden vectors', () => {
  describeTorchLayers(fixture('lstm/fixtures/lstm.json'), (options) => new LSTM(options), runs);
  describeTorchLayers(fixture('lstm/fixtures/lstm_projection.json'), (options) => new LSTM(options), runs);
  describeTorchCells(fixture('lstm/fixtures/cells.json'), (_, options) => new LSTMCell(options), runs);
  describeTorchLayers(fixture('gru/fixtures/gru.json'), (options) => new GRU(options), runs);
  describeTorchCells(fixture('gru/fixtures/cells.json'), (_, options) => new GRUCell(options), runs);
  for (const nonlinearity of ['tanh', 'relu'] as const) {
    const file = fixture(`rnn/fixtures/rnn_${nonlinearity}.json`);
    describeTorchLayers(file, (options) => new RNN({ ...options, nonlinearity }), runs);
  }
  describeTorchCells(
    fixture('rnn/fixtures/cells.json'),
    (name, options) => new RNNCell({ ...options, nonlinearity: name.includes('relu') ? 'relu' : 'tanh' }),
    runs,
  );
});
