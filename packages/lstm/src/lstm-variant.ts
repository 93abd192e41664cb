import type { Cell, CellOptions } from '@rnnlab/rnn';
import { ConfigError } from '@rnnlab/tensor';
import { LSTMCell } from './lstm-cell';
import type { LSTMCellOptions } from './lstm-cell-base';
import { LSTMCoupledCell } from './lstm-cell-coupled';
import { LSTMLayerNormCell } from './lstm-cell-layer-norm';
import { LSTMPeepholeCell } from './lstm-cell-peephole';
import { LSTMProjectedCell } from './lstm-cell-projected';

/** Options that choose the cell; at most one of them. */
export interface LSTMVariantOptions {
  /** Gates see the cell state (Gers & Schmidhuber 2000): {@link LSTMPeepholeCell}. Default false. */
  peephole?: boolean;
  /** The forget gate is 1 − i (Greff et al. 2017): {@link LSTMCoupledCell}. Default false. */
  coupledGates?: boolean;
  /** P < H, the size of h (Sak et al. 2014; PyTorch's `proj_size`): {@link LSTMProjectedCell}. Default: none. */
  projectionSize?: number;
  /** Layer normalisation (Ba et al. 2016), with its ε (default 1e−5): {@link LSTMLayerNormCell}. Default false. */
  layerNorm?: boolean | { epsilon?: number };
}

const choices = ['peephole', 'coupledGates', 'projectionSize', 'layerNorm'] as const;

/** @throws {@link ConfigError} for two variants at once, or a projection that is no smaller than the cell. */
export function checkLSTMVariant(options: LSTMVariantOptions & { hiddenSize: number }): void {
  const { projectionSize, hiddenSize } = options;
  const [first, second] = choices.filter((name) => options[name]);
  if (second) {
    throw new ConfigError(
      `LSTM: ${first} and ${second} cannot be combined, since each is a cell of its own. Choose one.`,
    );
  }
  if (projectionSize === undefined) return;
  if (!Number.isInteger(projectionSize) || projectionSize < 1 || projectionSize >= hiddenSize) {
    throw new ConfigError(
      `LSTM: projectionSize is ${projectionSize}, expected an integer from 1 to below hiddenSize=${hiddenSize}.`,
    );
  }
}

/** The cell that `variant` asks for. */
export function createLSTMCell(variant: LSTMVariantOptions, options: CellOptions & LSTMCellOptions): Cell {
  const { peephole, coupledGates, projectionSize, layerNorm } = variant;
  if (peephole) return new LSTMPeepholeCell(options);
  if (coupledGates) return new LSTMCoupledCell(options);
  if (projectionSize) return new LSTMProjectedCell({ ...options, projectionSize });
  if (layerNorm) {
    const { epsilon } = layerNorm === true ? {} : layerNorm;
    return new LSTMLayerNormCell({ ...options, epsilon });
  }
  return new LSTMCell(options);
}
