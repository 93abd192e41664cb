/**
 * What is to be reached, as data, and whether it is. Two threads, Node 24; ratios are ours/theirs of characters a second,
 * medians of one run.
 */
import { recordOf, valueOf } from './results.mjs';

const wasm = ['wasm', 'wasm-2'];
const best = [...wasm, 'blas', 'blas-2'];

const row = (peer, name, wanted, ours = [best, best, best, best]) =>
  [64, 128, 256, 512].map((H, i) => ({
    ...{ kind: 'ratio', what: `LSTM training, H ${H}: ${ours[i] === wasm ? 'wasm' : 'best'} / ${name}` },
    ...{ workload: `train-lstm-${H}`, ours: ours[i], peer, atLeast: wanted[i] },
  }));
const ratio = (what, workload, ours, peer, atLeast) => ({
  kind: 'ratio',
  what,
  workload,
  ours,
  peer,
  atLeast,
});

export const targets = [
  ...row('tfjs-node', 'tfjs-node', [25, 14, 7, 3]),
  ...row('keras-2', 'Keras, 2 threads', [2, 1.7, 2, 2]),
  ...row('numpy-2', 'NumPy, 2 threads', [2, 1.7, 1.5, 1.3]),
  ...row('pytorch-2', 'PyTorch, 2 threads', [1, 1.1, 1, 1], [wasm, wasm, best, best]),
  ratio('sampling, H 128: best / PyTorch', 'sample-128', ['wasm', 'blas', 'reference'], 'pytorch-1', 8),
  ratio('sampling, H 128: best / NumPy', 'sample-128', ['wasm', 'blas', 'reference'], 'numpy-1', 3),
  ratio('sampling, H 128: best / tfjs-node', 'sample-128', ['wasm', 'blas', 'reference'], 'tfjs-node', 40),
  ratio('one name at a time: best / NumPy', 'single', ['wasm', 'blas', 'reference'], 'numpy-1', 3),
  ...[64, 128, 256].map(
    (H) =>
      ratio(
        `Chromium, LSTM training, H ${H}: wasm / tfjs wasm`,
        `train-lstm-${H}`,
        ['chromium-wasm', 'chromium-wasm-2'],
        'chromium-tfjs-wasm',
        20,
      ), // prettier-ignore
  ),
  ...[128, 256, 512].map((H) =>
    ratio(`LSTM training, H ${H}: wasm on two threads / one`, `train-lstm-${H}`, ['wasm-2'], 'wasm', 1.75),
  ),
  ...['step-256', 'step-512', 'inputs-256', 'gradient-256'].map((name) => ({
    ...{ kind: 'peak', what: `product ${name}: wasm, share of the 128-bit peak` },
    ...{ workload: `product-${name}`, ours: ['wasm'], atLeast: 0.75 },
  })),
  { kind: 'milliseconds', what: 'import and first step, ms', workload: 'first', ours: ['wasm'], atMost: 150 },
  ...[128, 512].map((H) => ({
    ...{ kind: 'memory', what: `peak memory of LSTM training, H ${H}: wasm, 2 threads / tfjs-node` },
    ...{ workload: `train-lstm-${H}`, ours: ['wasm-2'], peer: 'tfjs-node', atMost: 0.25 },
  })),
];

const measures = {
  ratio: (results, { workload, ours, peer }) => {
    const rates = ours
      .map((id) => valueOf(results, workload, id) ?? NaN)
      .filter((rate) => !Number.isNaN(rate));
    return Math.max(...rates) / valueOf(results, workload, peer);
  },
  peak: (results, { workload, ours }) =>
    valueOf(results, workload, ours[0]) / 1e9 / results.machine?.vectorPeak?.rate,
  milliseconds: (results, { workload, ours }) => valueOf(results, workload, ours[0]),
  memory: (results, { workload, ours, peer }) =>
    recordOf(results, workload, ours[0])?.peakMiB / recordOf(results, workload, peer)?.peakMiB,
};

/** Who has to have run, and to have done the same work, for a target to be judged. */
const judged = ({ ours, peer }) => [...ours, ...(peer ? [peer] : [])];

/**
 * @returns {{ value?: number, reached?: boolean, by?: number, why?: string }} `by`: how much is missing, as a share of what is
 *   wanted; without a value, `why` there is none
 */
export function judge(target, results) {
  const value = measures[target.kind](results, target);
  if (!Number.isFinite(value)) return { why: absence(target, results) };
  const wrong = judged(target).find((id) => recordOf(results, target.workload, id)?.differs !== undefined);
  if (wrong) return { value, why: `${wrong} did other work` };
  const { atLeast, atMost } = target;
  const reached = atLeast === undefined ? value <= atMost : value >= atLeast;
  const by = atLeast === undefined ? value / atMost - 1 : 1 - value / atLeast;
  return { value, reached, by: reached ? 0 : by };
}

function absence(target, results) {
  const { workload } = target;
  if (!results.workloads[workload]) return 'not measured yet';
  if (target.kind === 'peak' && !results.machine?.vectorPeak)
    return 'the peak is not known: there is no C compiler';
  const runs = (id) => recordOf(results, workload, id) !== undefined;
  const absent = target.ours.some(runs) ? target.peer : target.ours[0];
  const reason = results.workloads[workload].results[absent]?.notRun ?? 'not measured';
  return `${absent}: ${reason}`;
}
