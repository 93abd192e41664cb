/**
 * Memory that every step of a model uses again (see `Workspace` of `@rnnlab/tensor`): after the first steps,
 * training and evaluation allocate nothing.
 */
import type { LanguageModel, RecurrentState } from '@rnnlab/rnn';
import { Workspace } from '@rnnlab/tensor';

/** A workspace on the backend that the model runs on. */
export function modelWorkspace(model: LanguageModel): Workspace {
  return new Workspace(model.recurrent.cells[0][0].backend);
}

/** A copy of a state that outlives the run of the workspace it was made in. */
export function keepState(state: RecurrentState): RecurrentState {
  return { h: state.h.clone(), ...(state.c && { c: state.c.clone() }) };
}
