/**
 * Did they do the same work? Every peer tells what came of its first steps from the given values: losses, log-probabilities
 * of the likeliest tokens, or numbers of a product. They are compared with those of one that is trusted.
 */
const trusted = [
  'numpy-1',
  'numpy-2',
  'pytorch-1',
  'pytorch-2',
  'reference',
  'reference-here',
  'wasm',
  'blas',
];

/** Three steps move a loss by about 1e-3 of itself: float32 and another place of ε in Adam may show, a step left out may not pass. */
const tolerance = { train: 1e-4, product: 1e-5, sample: 1e-4 };

/** Writes into every record `agrees: true`, or `differs` with the largest relative difference, or `unchecked` with why. */
export function compareChecks({ kind }, entries) {
  const having = entries.filter(({ record }) => record.check?.length);
  const by = trusted.map((id) => having.find((entry) => entry.id === id)).find(Boolean);
  for (const { record } of entries) {
    if (record.notRun) continue;
    if (!record.check?.length) record.unchecked = record.note ?? 'it tells no losses';
    else if (!by || having.length < 2) record.unchecked = 'nobody to compare with';
    else {
      const difference = relativeDifference(record.check, by.record.check);
      if (difference <= tolerance[kind]) record.agrees = true;
      else record.differs = difference;
    }
  }
}

function relativeDifference(values, expected) {
  if (values.length !== expected.length) return Infinity;
  const differences = values.map(
    (value, i) => Math.abs(value - expected[i]) / Math.max(Math.abs(expected[i]), 1e-30),
  );
  return differences.some(Number.isNaN) ? Infinity : Math.max(0, ...differences);
}
