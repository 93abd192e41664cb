/**
 * Property tests draw the same cases in every run, so that a red run can be repeated and a green one stays green.
 * A search for new counterexamples draws others: `PROPERTY_SEED=random PROPERTY_RUNS=1000 pnpm exec vitest run`;
 * what it finds becomes a named test.
 */
import fc from 'fast-check';

const { PROPERTY_SEED: seed = '1', PROPERTY_RUNS: runs } = process.env;
fc.configureGlobal({
  ...(seed === 'random' ? {} : { seed: Number(seed) }),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});
