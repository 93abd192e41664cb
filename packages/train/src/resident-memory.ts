/** What this needs of Node's `process`. Asked for at run time, so that the package runs in browsers too. */
interface ProcessLike {
  memoryUsage?: { rss?: () => number };
}

/** Bytes of memory that the process holds; `undefined` where the platform does not tell. */
export function residentMemory(): number | undefined {
  const { process } = globalThis as { process?: ProcessLike };
  return process?.memoryUsage?.rss?.();
}
