/**
 * A worker of the wasm backend: does its part of every job, until it is stopped. It never returns to its event loop, so
 * everything it learns after the first message comes through the shared memory; see `thread-control.ts`.
 *
 * scripts/build-kernels.mjs bundles this file into a string, `generated/thread-worker.ts`, from which workers are
 * started without an asset to load.
 */
import * as control from './thread-control';
import { evaluateScript, isScript } from './thread-script';

/** The first message. */
export interface WorkerStart {
  memory: WebAssembly.Memory;
  /** From 1; 0 is the main thread. */
  thread: number;
  /** Where its wasm instance may pack blocks. */
  scratch: number;
}

type WasmFunction = (...args: number[]) => void;

function serve({ memory, thread, scratch }: WorkerStart): void {
  const words = new Int32Array(memory.buffer, 0, control.CONTROL_WORDS);
  const ring = control.ringOf(memory);
  const [start, done, sleeps] = [control.START, control.DONE, control.SLEEPS].map((which) =>
    control.counter(thread, which),
  );
  const functions: WasmFunction[] = [];
  let modules = 0;

  /** Instantiates what was added since the last job; the functions are numbered in the order in which they come. */
  function loadModules(): void {
    for (; modules < words[control.MODULE_COUNT]; modules++) {
      const [address, bytes] = words.subarray(control.MODULES + 2 * modules);
      const code = new Uint8Array(memory.buffer, address, bytes).slice();
      if (isScript(code)) {
        functions.push(...Object.values(evaluateScript(new TextDecoder().decode(code), memory)));
        continue;
      }
      const module = new WebAssembly.Module(code);
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      if (exports.scratch) (exports.scratch as WebAssembly.Global).value = scratch;
      for (const { name, kind } of WebAssembly.Module.exports(module)) {
        if (kind === 'function') functions.push(exports[name] as WasmFunction);
      }
    }
  }

  /** False when this was the last job. */
  function work(job: number): boolean {
    const { run, parts, count, grain, args } = control.readJob(ring, job);
    if (run === control.STOP) return false;
    if (thread >= parts) return true;
    try {
      loadModules();
      const [first, last] = control.partOf(thread, parts, count, grain);
      functions[run](first, last, ...args);
    } catch (error) {
      const text = new TextEncoder().encode(String((error as Error)?.stack ?? error)).subarray(0, 4096);
      new Uint8Array(memory.buffer, (control.FAILURE + 1) * 4).set(text);
      Atomics.store(words, control.FAILURE, text.length);
    }
    return true;
  }

  let last = 0;
  Atomics.store(words, control.counter(thread, control.READY), 1);
  for (;;) {
    control.waitForChange(words, start, last, sleeps, true);
    if (!control.claim(words, thread, last)) {
      last = control.waitForChange(words, done, last, sleeps, false); // too late: the main thread does it
      continue;
    }
    last = control.after(last);
    if (!work(last)) return;
    Atomics.store(words, done, last);
    if (Atomics.load(words, control.MAIN_SLEEPS)) Atomics.notify(words, done);
  }
}

type NodePort = { once(event: 'message', listener: (start: WorkerStart) => void): void };
type NodeProcess = { getBuiltinModule?(name: string): { parentPort: NodePort | null } };

const node = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.('node:worker_threads');
if (node?.parentPort) {
  node.parentPort.once('message', serve);
} else {
  globalThis.onmessage = ({ data }: MessageEvent<WorkerStart>) => {
    serve(data);
    globalThis.close();
  };
}
