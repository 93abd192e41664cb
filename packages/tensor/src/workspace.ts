/**
 * Memory that is used again by every step of a training loop.
 *
 * A step allocates the same tensors in the same order each time: gates, states, gradients. A workspace keeps what
 * the first run allocated and hands it out again to the next: the n-th `temporary` of a run gets the n-th slot. So
 * after the first steps nothing is allocated, whatever the backend. A slot grows when a longer batch comes, and
 * remembers its views by shape, so that batches of varying length cost no new objects either.
 */
import type { Backend } from './backend';
import type { DType } from './dtype';
import { ConfigError } from './errors';
import { sameShape, sizeOf } from './shape';
import type { Tensor } from './tensor';

/** One allocation of a run: memory for the largest shape so far, and its views. */
interface Slot {
  memory: Tensor;
  readonly views: Map<string, Tensor>;
  /** The view that was asked for last, usually the same again. */
  last?: Tensor;
}

/**
 * Runs a task whose temporary tensors are used again by the next run.
 *
 * What a run returns lives in the workspace until the next run starts: copy what must stay, such as the state that
 * is carried to the next chunk.
 *
 * @example
 * ```ts
 * import { defaultBackend, Tensor, Workspace } from '@rnnlab/tensor';
 *
 * const backend = defaultBackend();
 * const workspace = new Workspace(backend);
 * const first = workspace.run(() => backend.temporary([2, 3], 'float32'));
 * const second = workspace.run(() => backend.temporary([2, 3], 'float32'));
 * console.log(first === second); // true: the same memory again
 * workspace.dispose();
 * ```
 */
export class Workspace {
  readonly #backend: Backend;
  readonly #slots: Slot[] = [];
  #next = 0;
  #disposed = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Bytes that the workspace holds. */
  get byteLength(): number {
    return this.#slots.reduce((sum, { memory }) => sum + memory.data.byteLength, 0);
  }

  /**
   * Runs `task` once. Workspaces of one backend may be nested: the inner one serves until it ends.
   *
   * @param task Synchronous: a promise would go on after the workspace has been handed to somebody else.
   * @throws {@link ConfigError} after {@link dispose}, and when the workspace is running already.
   */
  run<T>(task: () => T): T {
    const outer = this.#backend.workspace;
    if (this.#disposed) throw new ConfigError('Workspace.run: the workspace was disposed. Make a new one.');
    for (let running = outer; running; running = running.outer) {
      if (running === this)
        throw new ConfigError('Workspace.run: the workspace is running already. Use a second one inside it.');
    }
    this.outer = outer;
    this.#next = 0;
    this.#backend.workspace = this;
    try {
      return task();
    } finally {
      this.#backend.workspace = outer;
      this.outer = undefined;
    }
  }

  /** The workspace around this one, while it runs. */
  outer: Workspace | undefined;

  /** Called by the backend: the next slot, filled with zeros unless `zeros` is false. */
  temporary(shape: readonly number[], dtype: DType, { zeros = true }: { zeros?: boolean } = {}): Tensor {
    const size = sizeOf(shape, 'Workspace.temporary');
    const index = this.#next++;
    let slot = this.#slots[index];
    if (!slot || slot.memory.dtype !== dtype || slot.memory.size < size) {
      slot = { memory: this.#backend.allocate([size], dtype), views: new Map() };
      this.#slots[index] = slot;
    }
    if (!slot.last || !sameShape(slot.last.shape, shape)) {
      const key = shape.join(',');
      const view = slot.views.get(key) ?? slot.memory.slice(0, size).reshape([...shape]);
      slot.views.set(key, view);
      slot.last = view;
    }
    return zeros ? slot.last.fill(0) : slot.last;
  }

  /** Gives the memory back at once. Tensors that came from it must not be used any more. */
  dispose(): void {
    for (const { memory } of this.#slots) this.#backend.release(memory);
    this.#slots.length = 0;
    this.#disposed = true;
  }
}
