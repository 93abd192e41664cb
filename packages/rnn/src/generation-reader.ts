/**
 * How generation reads tokens with a model: some tokens a row go in, the scores of the one that follows come out.
 *
 * Memory is used again by every step, and what is returned are copies, so callers may keep them and several readers
 * of one model may take turns. A reader that is done waits for the next text of its model, so that many short texts
 * cost no more than a long one.
 */
import { ConfigError, defaultBackend, Workspace, type Backend, type Tensor } from '@rnnlab/tensor';
import type { RecurrentState } from './cell';
import type { LanguageModel } from './language-model';
import { mapState } from './map-state';
import { checkWholeState } from './recurrent-checks';
import { SmallCopies } from './small-copies';

/** What one reading gives. */
export interface Reading<State extends RecurrentState> {
  /** logits[b]: [V], the scores of the token that follows row b. */
  readonly logits: readonly Tensor[];
  /** The state behind the last token of every row, each [L·D, B, H]. */
  readonly state: State;
}

/** Readers that are done, one a model. */
const resting = new WeakMap<object, GenerationReader<RecurrentState>>();

/** More memory than this is given back instead of kept: 1 MiB is some thousand units and a prompt of a hundred tokens. */
const KEPT_BYTES = 2 ** 20;

/** See the header of this file. */
export class GenerationReader<State extends RecurrentState> {
  readonly #model: LanguageModel<State>;
  readonly #backend: Backend;
  readonly #workspace: Workspace;
  readonly #copies = new SmallCopies();
  /** What a step moves on. */
  #state: State | undefined;

  /** One for `model` that nobody uses. @throws {@link ConfigError} for a bidirectional model. */
  static take<State extends RecurrentState>(
    where: string,
    model: LanguageModel<State>,
  ): GenerationReader<State> {
    const known = resting.get(model) as GenerationReader<State> | undefined;
    resting.delete(model);
    return known ?? new GenerationReader(where, model);
  }

  private constructor(where: string, model: LanguageModel<State>) {
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

  /** When no more is to be read. */
  done(): void {
    const kept = !resting.has(this.#model) && this.#workspace.byteLength <= KEPT_BYTES;
    if (kept) resting.set(this.#model, this as unknown as GenerationReader<RecurrentState>);
    else this.#workspace.dispose();
  }

  /** Reads `rows[b]`, at least one token each, from `state` (zeros by default), all rows at once. */
  read(rows: readonly (readonly number[])[], state?: State): Reading<State> {
    if (!rows.every(({ length }) => length === 1)) {
      return this.#workspace.run(() => this.#readMany(rows, state));
    }
    const moving = this.#startFrom(state, rows.length);
    return this.#workspace.run(() => this.#readOne(rows, moving));
  }

  #readOne(rows: readonly (readonly number[])[], moving: State): Reading<State> {
    const ids = this.#backend.temporary([rows.length], 'int32', { zeros: false });
    for (let b = 0; b < rows.length; b++) ids.data[b] = rows[b][0];
    const logits = this.#model.step(ids, moving);
    return {
      logits: rows.map((_, b) => this.#copies.of(logits.row(b))),
      state: mapState(moving, (tensor) => this.#copies.of(tensor)),
    };
  }

  #startFrom(state: State | undefined, batchSize: number): State {
    if (this.#state?.h.shape[1] !== batchSize) {
      this.#state = this.#model.zeroState(batchSize);
    }
    const moving = this.#state;
    if (state) checkWholeState(this.#model.recurrent, 'forward: initial state', state, batchSize);
    for (const name of this.#model.recurrent.stateNames) {
      if (state) moving[name]!.copyFrom(state[name]!);
      else moving[name]!.fill(0);
    }
    return moving;
  }

  #readMany(rows: readonly (readonly number[])[], state: State | undefined): Reading<State> {
    const batchFirst = this.#model.recurrent.options.batchFirst ?? false;
    const sizes = rows.map(({ length }) => length);
    const [B, T] = [rows.length, Math.max(...sizes)];
    const lengths = sizes.some((size) => size < T) ? sizes : undefined;
    const at = (b: number, t: number) => (batchFirst ? b * T + t : t * B + b);
    const ids = this.#backend.temporary(batchFirst ? [B, T] : [T, B], 'int32');
    rows.forEach((row, b) => row.forEach((id, t) => (ids.data[at(b, t)] = id)));
    const result = this.#model.forward(ids, undefined, { state, lengths });
    const logits = result.logits.reshape([T * B, -1]);
    return {
      logits: rows.map((row, b) => this.#copies.of(logits.row(at(b, row.length - 1)))),
      state: mapState(result.state, (tensor) => this.#copies.of(tensor)),
    };
  }
}
