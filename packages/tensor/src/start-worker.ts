/** A worker from a string of JavaScript: with node:worker_threads where that exists, else as in a browser. */

/** The least that both kinds have in common. */
export interface StartedWorker {
  terminate(): unknown;
}

interface NodeWorker extends StartedWorker {
  unref(): void;
  postMessage(message: unknown): void;
  on(event: 'error' | 'exit', listener: (cause: unknown) => void): void;
}

interface NodeProcess {
  getBuiltinModule?(name: 'node:worker_threads'): {
    Worker: new (source: string, options: object) => NodeWorker;
  };
  getBuiltinModule?(name: 'node:os'): { availableParallelism(): number };
}

// Asked for at run time: an import of a node: module would end up in the bundles for browsers.
const node = (globalThis as { process?: NodeProcess }).process;

/**
 * Starts `source` and sends it `message`.
 *
 * @param url Where a page's content security policy allows to load the same source from, instead of a blob.
 * @param onFailure Told when the worker could not start or has ended by an error.
 */
export function startWorker(
  source: string,
  message: unknown,
  onFailure: (cause: unknown) => void,
  url?: string,
): StartedWorker {
  const threads = node?.getBuiltinModule?.('node:worker_threads');
  if (threads) {
    const worker = new threads.Worker(source, { eval: true, execArgv: [], name: 'rnnlab' });
    worker.unref(); // a waiting worker is no reason for the process to go on
    worker.on('error', onFailure);
    worker.postMessage(message);
    return worker;
  }
  const blob = url ?? URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(blob);
  worker.onerror = (event) => onFailure(event.message || event);
  worker.postMessage(message);
  return worker;
}

/** Whether there are workers to share memory with: not in a page that is not cross-origin isolated, and not in Node before 20.16. */
export function canShareMemory(): boolean {
  const hasWorkers = node?.getBuiltinModule !== undefined || typeof Worker === 'function';
  return hasWorkers && typeof SharedArrayBuffer === 'function' && globalThis.crossOriginIsolated !== false;
}

/** Cores that this process may use. */
export function availableThreads(): number {
  return (
    node?.getBuiltinModule?.('node:os').availableParallelism() ??
    globalThis.navigator?.hardwareConcurrency ??
    1
  );
}
