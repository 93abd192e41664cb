import { Tensor } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';

/** A state with `change` applied to each of its tensors. */
export function mapState<State extends RecurrentState>(
  state: State,
  change: (tensor: Tensor) => Tensor,
): State {
  const changed = { h: change(state.h) } as State;
  if (state.c) changed.c = change(state.c);
  return changed;
}

/** Rows `rows` of a state [L·D, B, H], in that order, as copies: a row may be taken several times or not at all. */
export function selectRows<State extends RecurrentState>(state: State, rows: readonly number[]): State {
  return mapState(state, (tensor) => {
    const [layers, , H] = tensor.shape;
    const selected = Tensor.zeros([layers, rows.length, H], tensor.dtype);
    for (let layer = 0; layer < layers; layer++) {
      rows.forEach((row, n) => selected.row(layer).row(n).copyFrom(tensor.row(layer).row(row)));
    }
    return selected;
  });
}
