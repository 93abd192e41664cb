/**
 * Where the time of a step goes: the share of every operation of the backend, of clipping and of the optimizer. What is
 * left is TypeScript of the layers. Taking the time costs some of it, so that a rate with a profile does not count.
 */
export class Profile {
  #spent = new Map();
  #total = 0;

  /** `run`, timed under a name. */
  timed(name, run) {
    return (...args) => {
      const begin = performance.now();
      try {
        return run(...args);
      } finally {
        this.#add(name, begin);
      }
    };
  }

  #add(name, begin) {
    this.#spent.set(name, (this.#spent.get(name) ?? 0) + performance.now() - begin);
  }

  /** A step, the whole of what is divided. What was before the first one from now on does not count. */
  whole(step) {
    this.#spent.clear();
    this.#total = 0;
    return () => {
      const begin = performance.now();
      const done = step();
      this.#total += performance.now() - begin;
      return done;
    };
  }

  /** A backend that does the same and is timed. */
  backend(backend) {
    const known = new Map();
    const kernels = (set) => {
      if (!known.has(set)) {
        const timed = Object.entries(backend.load(set)).map(([name, run]) => [name, this.timed(name, run)]);
        known.set(set, Object.fromEntries(timed));
      }
      return known.get(set);
    };
    const rowwise = (rows, work, task) => {
      let end;
      backend.rowwise(rows, work, () => {
        task();
        end = performance.now();
      });
      this.#add('waiting for threads', end);
    };
    const methods = { load: kernels, rowwise };
    for (const name of ['gemm', 'gemmPacked', 'pack', 'temporary', 'allocate']) {
      methods[name] = this.timed(name, backend[name].bind(backend));
    }
    return new Proxy(backend, {
      get: (target, name) => methods[name] ?? Reflect.get(target, name, target),
      set: (target, name, value) => Reflect.set(target, name, value, target),
    });
  }

  /** Shares of the whole, the largest first; those under half a per cent are part of the rest. */
  shares() {
    const all = [...this.#spent].map(([name, spent]) => [name, spent / this.#total]);
    const shares = all.filter(([, share]) => share >= 0.005).sort((a, b) => b[1] - a[1]);
    const rest = 1 - shares.reduce((sum, [, share]) => sum + share, 0);
    return Object.fromEntries(
      [...shares, ['rest', rest]].map(([name, share]) => [name, Number(share.toFixed(3))]),
    );
  }
}
