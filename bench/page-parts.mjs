/** The tables of docs/benchmarks.md, each made from the results alone. */
import { nameOf, contestantTable, formatRatio, formatValue, spreadOf, table } from './tables.mjs';
import { recordOf, valueOf } from './results.mjs';
import { judge, targets } from './targets.mjs';

const ours = ['wasm', 'wasm-2', 'blas', 'blas-2'];

/** The best of rnnlab on two threads, Node 24. */
function bestOf(results, workload) {
  const values = ours.map((id) => valueOf(results, workload, id)).filter((value) => value !== undefined);
  return values.length ? Math.max(...values) : NaN;
}

const rate = (results, columns) => (id, workload) => {
  const { unit } = columns.find((column) => column.id === workload);
  return formatValue(valueOf(results, workload, id), unit);
};

/** Values of all contestants, and how far apart the rounds of each are at most. */
export function rates(results, columns, heads) {
  const spread = (id) => {
    const spreads = columns
      .map((workload) => spreadOf(results, workload.id, id))
      .filter((value) => value >= 0);
    return spreads.length ? `${Math.round(100 * Math.max(...spreads))} %` : '';
  };
  return contestantTable(results, columns, heads, rate(results, columns), [{ head: 'spread', cell: spread }]);
}

/** How many times as fast rnnlab is. */
export function ratios(results, columns, heads) {
  const peers = columns.map((workload) => ({
    ...workload,
    contestants: workload.contestants.filter((id) => !/^(wasm|blas|reference|chromium-wasm)/.test(id)),
  })); // prettier-ignore
  return contestantTable(results, peers, heads, (id, workload) =>
    formatRatio(bestOf(results, workload) / valueOf(results, workload, id)),
  );
}

export function memory(results, columns, heads) {
  const cell = (id, workload) => {
    const peak = recordOf(results, workload, id).peakMiB;
    return peak === undefined ? '' : `${Math.round(peak)}`;
  };
  return contestantTable(results, columns, heads, cell);
}

/** What the second thread brings to those who have one. */
export function threadTable(results, columns, heads) {
  const pairs = Object.entries({
    wasm: 'wasm-2',
    blas: 'blas-2',
    'chromium-wasm': 'chromium-wasm-2',
    'pytorch-1': 'pytorch-2',
    'numpy-1': 'numpy-2',
    'keras-1': 'keras-2',
  }); // prettier-ignore
  const rows = pairs.map(([one, two]) => [
    nameOf(one).replace(', 1 thread', ''),
    ...columns.map(({ id }) => formatRatio(valueOf(results, id, two) / valueOf(results, id, one))),
  ]);
  return table(['', ...heads], rows);
}

/** Products of one thread against the peak of the unit that they run on. */
export function peakShares(results, columns, heads) {
  const { vectorPeak, nativePeak } = results.machine ?? {};
  const peaks = { wasm: vectorPeak?.rate, 'wasm-node20': vectorPeak?.rate };
  for (const id of ['blas', 'pytorch-1', 'numpy-1']) peaks[id] = nativePeak?.rate;
  const known = Object.keys(peaks).filter((id) => peaks[id]);
  const own = columns.map((workload) => ({ ...workload, contestants: known }));
  if (known.length === 0) return 'Not measured yet.';
  return contestantTable(results, own, heads, (id, workload) => {
    return `${Math.round((100 * valueOf(results, workload, id)) / 1e9 / peaks[id])} %`;
  });
}

export function targetTable(results) {
  const rows = targets.map((target) => {
    const { value, reached, by, why } = judge(target, results);
    const wanted = target.atLeast === undefined ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
    const digits = value >= 100 ? 3 : 2;
    const verdict =
      reached === undefined
        ? `not judged: ${why}`
        : reached
          ? 'reached'
          : `**missed by ${Math.ceil(100 * by)} %**`; // prettier-ignore
    return [target.what, wanted, value === undefined ? '' : `${Number(value.toPrecision(digits))}`, verdict];
  });
  const verdicts = targets.map((target) => judge(target, results).reached);
  const count = (wanted) => verdicts.filter((verdict) => verdict === wanted).length;
  return `${count(true)} reached, ${count(false)} missed, ${count(undefined)} not judged.\n\n${table(['', 'wanted', 'measured', ''], rows)}`;
}

/** Where the time of a step goes, a column for every backend. */
export function profileTable(results, { id, title, contestants }) {
  const profiles = contestants.map((name) => recordOf(results, id, name)?.profile ?? {});
  const names = new Set(profiles.flatMap(Object.keys));
  names.delete('rest');
  const largest = (name) => Math.max(...profiles.map((profile) => profile[name] ?? 0));
  const order = [...[...names].sort((a, b) => largest(b) - largest(a)), 'rest'];
  const percent = (share) => (share === undefined ? '' : `${Math.round(100 * share)} %`);
  if (names.size === 0) return `${title}: not measured yet.`;
  const rows = order.map((name) => [name, ...profiles.map((profile) => percent(profile[name]))]);
  return table([title, ...contestants.map(nameOf)], rows);
}

/** Who did the same work as the others, in how many workloads. */
export function sameWork(results) {
  const tally = new Map();
  for (const { results: records } of Object.values(results.workloads)) {
    for (const [id, record] of Object.entries(records)) {
      if (record.notRun) continue;
      const entry = tally.get(id) ?? { agrees: 0, differs: [], unchecked: new Set() };
      if (record.agrees) entry.agrees++;
      else if (record.differs !== undefined) entry.differs.push(record.differs);
      else entry.unchecked.add(record.unchecked);
      tally.set(id, entry);
    }
  }
  if (tally.size === 0) return 'Not measured yet.';
  const rows = [...tally].map(([id, { agrees, differs, unchecked }]) => [
    nameOf(id),
    agrees || '',
    differs.length ? `**${differs.length}, by up to ${Math.max(...differs).toExponential(1)}**` : '',
    [...unchecked].join('; '),
  ]);
  return table(['', 'workloads that agree', 'that differ', 'not compared'], rows);
}

/** The machine, the dates and the versions, as they were found. */
export function provenance(results) {
  const { machine } = results;
  if (!machine) return 'Nothing has been measured yet.';
  const entries = Object.values(results.workloads);
  const dates = entries.map(({ date }) => date).sort();
  const versions = new Map();
  for (const { results: records } of entries) {
    for (const record of Object.values(records)) {
      for (const [name, version] of Object.entries(record.versions ?? {})) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
  }
  const list = [...versions].map(([name, set]) => `${name} ${[...set].sort().join(', ')}`).sort();
  const when = [...new Set([dates[0], dates.at(-1)].map((date) => date?.slice(0, 16).replace('T', ' ')))];
  const peaks = [];
  if (machine.vectorPeak) {
    peaks.push(
      `${formatValue(machine.vectorPeak.rate, '')} in 128-bit registers without fused operations, as in WebAssembly`,
    );
  }
  if (machine.nativePeak)
    peaks.push(
      `${formatValue(machine.nativePeak.rate, '')} in C with ${machine.nativePeak.bits}-bit registers`,
    ); // prettier-ignore
  const busiest = Math.max(...entries.map(({ load = 0 }) => load));
  return [
    `- ${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `- rnnlab at commit ${machine.commit ?? 'unknown'}, or what became of it`,
    `- measured ${when.join(' to ')} UTC; load of the machine up to ${busiest}, this benchmark's own work included`,
    `- one core multiplies and adds at most at, GFLOP/s: ${peaks.join('; ') || 'not measured'}`,
    `- ${list.join('; ')}`,
  ].join('\n');
}
