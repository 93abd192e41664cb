/**
 * What every JavaScript peer shares: how it is spoken to.
 *
 *   node PEER.mjs WORKLOAD        a workload as JSON, see bench/workloads.mjs
 *
 * The peer makes itself ready, does the work's first steps from the given values and prints one line of JSON with what
 * came out (`check`), so that the bench can compare it with the others. Then, for every line `{"seconds": 0.5}` on its
 * standard input, it works that long and prints `{"units", "seconds"}`; at the end of the input, its peak memory.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { givenFrom, work } from './work.mjs';

const started = performance.now();

/** Peak resident memory of this process in MiB, as the operating system counts it. */
export function peakMemory() {
  try {
    // not `process.resourceUsage().maxRSS`, which starts at what the parent had when it forked
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

/**
 * Runs a peer.
 *
 * @param {(workload: object, given: object) => Promise<{ check: number[], step: () => number | Promise<number>,
 *   versions: Record<string, string>, note?: string, work?: (seconds: number) => Promise<object>,
 *   peak?: () => Promise<number>, profile?: () => Record<string, number>, close?: () => Promise<void> }>} prepare
 *   `work` for one that keeps the clock itself
 */
export async function serve(prepare) {
  const workload = JSON.parse(process.argv[2]);
  const print = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  const { buffer } = new Uint8Array(readFileSync(workload.given.file));
  const prepared = await prepare(workload, givenFrom(workload.given, buffer));
  const { step, peak = peakMemory, profile, close, ...ready } = prepared;
  const { work: workFor = (seconds) => work(step, seconds) } = prepared;
  print({ ready: true, milliseconds: performance.now() - started, ...ready });
  for await (const line of createInterface({ input: process.stdin })) {
    print(await workFor(JSON.parse(line).seconds));
  }
  print({ peakMiB: await peak(), profile: profile?.() });
  await close?.();
}
