/**
 * The numbers of all runs, in one JSON file that is written after every workload: a run can be stopped and taken up again,
 * and done in parts. The page is made from it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** `{ machine, workloads: { id: { date, load, results: { contestant: record } } } }`; empty where there is no file. */
export function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return { workloads: {} };
    throw new Error(`${file} is no JSON: ${error.message}. Mend it or move it away.`);
  }
}

export function writeResults(file, results) {
  mkdirSync(dirname(file), { recursive: true });
  // one line a contestant: a run changes lines that can be read
  const workloads = Object.entries(results.workloads).map(([id, { results: records, ...rest }]) => {
    const lines = Object.entries(records).map(
      ([name, record]) => `      ${JSON.stringify(name)}: ${JSON.stringify(record)}`,
    );
    return `    ${JSON.stringify(id)}: ${JSON.stringify(rest).slice(0, -1)}, "results": {\n${lines.join(',\n')}\n    }}`;
  });
  writeFileSync(
    file,
    `{\n  "machine": ${JSON.stringify(results.machine ?? null)},\n  "workloads": {\n${workloads.join(',\n')}\n  }\n}\n`,
  );
}

/** Puts a measurement into `results`. With `some`, only those contestants were measured and the others' numbers stay. */
export function addMeasurement(results, id, measurement, some) {
  const before = results.workloads[id];
  if (some && before) {
    const records = { ...before.results };
    for (const [name, record] of Object.entries(measurement.results))
      records[name] = { ...record, date: measurement.date };
    results.workloads[id] = { ...before, results: records };
  } else {
    results.workloads[id] = measurement;
  }
}

/** The middle one; of an even number the lower of the two in the middle. */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** The record of a contestant, if it ran. */
export function recordOf(results, workload, contestant) {
  const record = results.workloads[workload]?.results[contestant];
  return record && !record.notRun ? record : undefined;
}

/** Units a second (or, of a fresh program, milliseconds): the median of the rounds; undefined if it did not run. */
export function valueOf(results, workload, contestant) {
  const record = recordOf(results, workload, contestant);
  if (!record) return undefined;
  return median(record.rates?.length ? record.rates : record.firstMs);
}
