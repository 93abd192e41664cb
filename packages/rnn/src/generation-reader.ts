/**
 * How generation reads tokens with a model: some tokens a row go in, the scores of the one that follows come out.
 *
 * Memory is used again by every step, and what is returned are copies, so callers may keep them and several readers
 * of one model may take turns.
 */
import { ConfigError, defaultBackend, Workspace, type Backend, type Tensor } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';
import type { LanguageModel } from './language-model';
import { mapState } from './map-state';

/** What one reading gives. */
export interface Reading<State extends RecurrentState> {
  /** logits[b]: [V], the scores of the token that follows row b. */
  readonly logits: readonly Tensor[];
  /** The state behind the last token of every row, each [L·D, B, H]. */
  readonly state: State;
}

/** See the header of this file. */
export class GenerationReader<State extends RecurrentState> {
  readonly #model: LanguageModel<State>;
  readonly #backend: Backend;
  readonly #workspace: Workspace;

  /** @throws {@link ConfigError} for a bidirectional model. */
  constructor(where: string, model: LanguageModel<State>) {
    const { bidirectional, backend = defaultBackend() } = model.recurrent.options;
    if (bidirectional) {
      throw new ConfigError(
        `${where}: the model is bidirectional and would need the tokens that are not drawn yet.`,
      );
    }
    this.#model = model;
    this.#backend = backend;
    this.#workspace = new Workspace(backend);
  }

  /** Reads `rows[b]`, at least one token each, from `state` (zeros by default), all rows at once. */
  read(rows: readonly (readonly number[])[], state?: State): Reading<State> {
    const { recurrent } = this.#model;
    const batchFirst = recurrent.options.batchFirst ?? false;
    const [B, T] = [rows.length, Math.max(...rows.map(({ length }) => length))];
    const at = (b: number, t: number) => (batchFirst ? b * T + t : t * B + b);
    const lengths = rows.some(({ length }) => length < T) ? rows.map(({ length }) => length) : undefined;
    return this.#workspace.run(() => {
      const ids = this.#backend.temporary(batchFirst ? [B, T] : [T, B], 'int32');
      rows.forEach((row, b) => row.forEach((id, t) => (ids.data[at(b, t)] = id)));
      const result = this.#model.forward(ids, undefined, { state, lengths });
      const logits = result.logits.reshape([T * B, -1]);
      return {
        logits: rows.map((row, b) => logits.row(at(b, row.length - 1)).clone()),
        state: mapState(result.state, (tensor) => tensor.clone()),
      };
    });
  }
}
