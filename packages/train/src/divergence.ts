/**
 * A loss that is NaN, infinite or absurdly high, and what was found wrong.
 */
import { RnnlabError, type Parameter } from '@rnnlab/tensor';
import { squaredNorm } from './training-step';

/** What was found when a loss was no longer usable. */
export interface DivergenceDiagnosis {
  /** The step that was not taken, counted from 1. */
  step: number;
  /** The loss of that step. */
  loss: number;
  /** The first non-finite number, looked for in the values and then in the gradients of the parameters. */
  firstNonFinite?: NonFinite;
  /** Where it first appeared while the step was computed; with `detectAnomaly` only. */
  anomaly?: string;
  /** Euclidean norm of every parameter's gradient; NaN or Infinity where it is not finite. */
  gradientNorms: Record<string, number>;
}

/** Where a NaN or an Infinity stands. */
export interface NonFinite {
  parameter: string;
  where: 'value' | 'gradient';
  /** Flat index into the parameter. */
  index: number;
  /** Name of the gate whose block of rows it lies in, e.g. `'f'`; absent outside gated layers. */
  gate?: string;
}

/** Training ended in NaN, Infinity or an exploding loss. The model holds the last weights whose loss was good. */
export class DivergenceError extends RnnlabError {
  readonly diagnosis: DivergenceDiagnosis;

  constructor(message: string, diagnosis: DivergenceDiagnosis) {
    super('ERR_DIVERGENCE', message);
    this.diagnosis = diagnosis;
  }
}

/** The gates of a cell in the order of their blocks of rows. */
const gateNames: Readonly<Record<string, readonly string[]>> = {
  lstm: ['i', 'f', 'g', 'o'],
  gru: ['r', 'z', 'n'],
};

/**
 * Looks at the parameters and gradients of a step whose loss or gradient was not usable.
 *
 * @param cell `'rnn'`, `'lstm'` or `'gru'`, for the name of the gate.
 */
export function diagnose(
  parameters: readonly Parameter[],
  {
    step,
    loss,
    cell,
    limit,
    anomaly,
  }: { step: number; loss: number; cell: string; limit: number; anomaly?: string },
): DivergenceError {
  const norms = parameters.map(({ name, grad }) => [name, Math.sqrt(squaredNorm(grad.data))] as const);
  const firstNonFinite = find(parameters, 'value', cell) ?? find(parameters, 'gradient', cell);
  const diagnosis = { step, loss, firstNonFinite, anomaly, gradientNorms: Object.fromEntries(norms) };
  const [largest, norm] = norms.reduce((top, one) => (one[1] > top[1] || Number.isNaN(one[1]) ? one : top));
  const came = anomaly
    ? 'a number in it is not finite'
    : Number.isFinite(loss)
      ? loss > limit
        ? `the loss is ${loss.toPrecision(4)} nats, above the limit of ${limit.toPrecision(4)}`
        : `the loss is ${loss.toPrecision(4)} but the gradient is not finite`
      : `the loss is ${loss}`;
  const found = anomaly
    ? `it first appeared in ${anomaly}`
    : firstNonFinite
      ? `first non-finite number: ${firstNonFinite.where} of ${firstNonFinite.parameter}[${firstNonFinite.index}]${firstNonFinite.gate ? ` (gate ${firstNonFinite.gate})` : ''}`
      : 'all weights and gradients are finite';
  return new DivergenceError(
    `Trainer: step ${step} was not taken: ${came}; ${found}; largest gradient: ${largest} with norm ${norm.toPrecision(4)}. The model holds the last good weights. Lower the learning rate, or clip the gradient with clipNorm.`,
    diagnosis,
  );
}

function find(
  parameters: readonly Parameter[],
  where: NonFinite['where'],
  cell: string,
): NonFinite | undefined {
  for (const { name, value, grad } of parameters) {
    const { data, shape } = where === 'value' ? value : grad;
    const index = data.findIndex((x) => !Number.isFinite(x));
    if (index < 0) continue;
    const gates = name.startsWith('rnn.') ? (gateNames[cell] ?? []) : [];
    const gate = gates[Math.floor((index / data.length) * gates.length)];
    return { parameter: name, where, index, ...(gate && shape[0] % gates.length === 0 ? { gate } : {}) };
  }
  return undefined;
}
