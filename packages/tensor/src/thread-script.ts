/**
 * Functions in JavaScript on all threads of a wasm backend: how another backend has its native library called there
 * without a thread pool of its own, which would compete with this one for the same cores.
 *
 * Such a script is the text of an expression. Its value is a function of the memory that returns functions by name;
 * each does the part [begin, end) of a call, and sees nothing but its numbers and what is global.
 */
import type { KernelArgument } from './backend';

/** What a script returns, on each thread. */
export type ScriptFunctions = Readonly<
  Record<string, (begin: number, end: number, ...numbers: number[]) => void>
>;

/** How a call is divided: [0, count) in parts that begin at multiples of `grain`, on at most `threads` threads. */
export interface Division {
  readonly count: number;
  readonly grain: number;
  readonly threads: number;
}

/** A function of a script, called on all threads; tensors become the addresses of their first numbers. */
export type DividedFunction = (division: Division, ...args: KernelArgument[]) => void;

/** The functions of a script on this thread. */
export function evaluateScript(source: string, memory: WebAssembly.Memory): ScriptFunctions {
  const script = new Function(`return (${source})`)() as (memory: WebAssembly.Memory) => ScriptFunctions;
  return script(memory);
}

/** Modules of WebAssembly begin with a zero, texts do not. */
export const isScript = (bytes: Uint8Array): boolean => bytes[0] !== 0;
