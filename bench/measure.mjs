/** One workload, measured: everybody is started, checked against the others, and then they take turns, round by round. */
import { setTimeout } from 'node:timers/promises';
import { contestants } from './contestants.mjs';
import { compareChecks } from './compare-checks.mjs';
import { PeerProcess } from './peer-process.mjs';

const START_SECONDS = 90;

/** Starts one and waits until it is ready; the reason in `notRun` when it cannot. */
async function start(id, workload, given) {
  const contestant = contestants.get(id);
  const reason = contestant.missing?.() ?? contestant.cannot?.(workload);
  if (reason) return { id, record: { notRun: reason } };
  const begin = performance.now();
  const peer = new PeerProcess(contestant, { ...workload, given });
  try {
    const { check, note, versions, milliseconds } = await peer.answer(START_SECONDS);
    const startMs = performance.now() - begin;
    return {
      id,
      peer,
      record: { check, note, versions, firstMs: [milliseconds], startMs: [startMs], rates: [] },
    };
  } catch (error) {
    peer.kill();
    return { id, record: { notRun: error.message } };
  }
}

/** A failure in the middle: no numbers of it count. */
function fail(entry, error) {
  entry.peer.kill();
  entry.peer = undefined;
  entry.record = { notRun: error.message };
}

/** Milliseconds until the threads of the one before have stopped to spin and sleep: OpenBLAS takes 2²⁶ cycles. */
const PAUSE = 40;

/** Rounds that a contestant takes whose single step is longer than it was to work. */
const SLOW_ROUNDS = 2;

/** Rounds of a workload whose programs stay: all of them in turn, beginning with another one each time. */
async function takeTurns(entries, { rounds, seconds }) {
  for (let round = 0; round <= rounds; round++) {
    const running = entries.filter(({ peer, slow }) => peer && !(slow && round > SLOW_ROUNDS));
    for (let i = 0; i < running.length; i++) {
      const entry = running[(i + round) % running.length];
      try {
        // the first round warms up and does not count
        await setTimeout(PAUSE);
        const begin = performance.now();
        const rate = await entry.peer.rate(round === 0 ? seconds / 2 : seconds);
        entry.slow = performance.now() - begin > 2000 * seconds;
        if (round > 0) entry.record.rates.push(rate);
      } catch (error) {
        fail(entry, error);
      }
    }
  }
}

/** Ends a program and keeps what memory it took. */
async function finish(entry) {
  if (!entry.peer) return;
  try {
    Object.assign(entry.record, await entry.peer.end());
  } catch (error) {
    fail(entry, error);
  }
}

/** Programs that stay while all of them take turns. */
async function inTurns(workload, given, ids) {
  const entries = [];
  const waiting = [...ids.keys()];
  const startNext = async () => {
    for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) {
      entries[i] = await start(ids[i], workload, given);
    }
  };
  // nothing is timed yet, and most of them start on one core
  await Promise.all([startNext(), startNext()]);
  await takeTurns(entries, workload);
  for (const entry of entries) await finish(entry);
  return entries;
}

/** Programs that are started anew in every round; nobody else is alive then. */
async function startAgain(workload, given, ids) {
  const entries = new Map();
  for (let round = 0; round < workload.rounds; round++) {
    for (const id of ids) {
      const before = entries.get(id);
      if (before?.record.notRun) continue;
      const entry = await start(id, workload, given);
      await finish(entry);
      if (before && !entry.record.notRun) {
        for (const key of ['firstMs', 'startMs']) entry.record[key].unshift(...before.record[key]);
      }
      entries.set(id, entry);
    }
  }
  return [...entries.values()];
}

/**
 * @param {object} workload of workloads.mjs
 * @param {{ file: string, tensors: object }} given of given.mjs
 * @param {string[]} ids who takes part
 * @returns {Promise<Record<string, object>>} by id: `rates` or `firstMs` and `startMs` of every round, `peakMiB`,
 *   `check`, `versions`; or `notRun` with the reason
 */
export async function measure(workload, given, ids) {
  const entries = workload.fresh
    ? await startAgain(workload, given, ids)
    : await inTurns(workload, given, ids);
  compareChecks(workload, entries);
  return Object.fromEntries(entries.map(({ id, record }) => [id, rounded(record)]));
}

/** Five digits are more than a machine repeats. */
function rounded(record) {
  const digits = (value) => Number(value.toPrecision(5));
  const result = { ...record };
  for (const key of ['rates', 'firstMs', 'startMs']) if (record[key]) result[key] = record[key].map(digits);
  if (record.peakMiB) result.peakMiB = digits(record.peakMiB);
  return result;
}
