/**
 * Where NaN or Infinity first appears in a step. Numbers are looked at in the order in which they are made, so the first
 * one found is the cause and not one of its many consequences:
 *
 *   weights → carried state → for every layer and time: gates, then states → logits → loss → gradients, from the head back
 *
 * This reads everything that a step makes, which about doubles its time: `detectAnomaly` is for finding out, not for every run.
 */
import type { LanguageModel, LanguageModelResult, RecurrentState } from '@rnnlab/rnn';
import type { Tensor } from '@rnnlab/tensor';

/** Looks through a forward pass. `state` is what it started from. */
export function findForwardAnomaly(
  model: LanguageModel,
  result: LanguageModelResult<RecurrentState>,
  state: RecurrentState | undefined,
): string | undefined {
  for (const { name, value } of model.parameters()) {
    const found = firstNonFinite(value);
    if (found) return `weight ${name}${found}`;
  }
  for (const name of model.recurrent.stateNames) {
    const found = state?.[name] && firstNonFinite(state[name]);
    if (found) return `carried state ${name}${found}`;
  }
  const logits = firstNonFinite(result.logits);
  return recurrentAnomaly(model, result) ?? (logits && `logits${logits}`) ?? lossAnomaly(result.loss);
}

/** Looks through the gradients that a backward pass left, in the order in which it makes them. */
export function findBackwardAnomaly(model: LanguageModel): string | undefined {
  for (const { name, grad } of [...model.parameters()].reverse()) {
    const found = firstNonFinite(grad);
    if (found) return `gradient of ${name}${found}`;
  }
  return undefined;
}

function recurrentAnomaly(
  model: LanguageModel,
  { cache }: LanguageModelResult<RecurrentState>,
): string | undefined {
  const { cells, stateNames } = model.recurrent;
  for (const [layer, { directions }] of cache.recurrent.layers.entries()) {
    const { steps } = directions[0];
    const [cell] = cells[layer];
    for (let t = 0; t < steps.gates.shape[0]; t++) {
      const at = (found: string) => `${found} of layer ${layer} at time ${t}`;
      for (const [name, gate] of Object.entries(cell.gatesOf(steps, t))) {
        const found = firstNonFinite(gate);
        if (found) return at(`gate ${name}${found}`);
      }
      for (const name of stateNames) {
        const found = firstNonFinite(steps.states[name]!.row(t + 1));
        if (found) return at(`state ${name}${found}`);
      }
    }
  }
  return undefined;
}

const lossAnomaly = (loss: number): string | undefined =>
  Number.isFinite(loss) ? undefined : `the loss ${loss}`;

/** `[2, 5] = NaN` for the first such element. */
function firstNonFinite({ data, shape }: Tensor): string | undefined {
  const flat = data.findIndex((x) => !Number.isFinite(x));
  if (flat < 0) return undefined;
  const index: number[] = [];
  let rest = flat;
  for (const d of [...shape].reverse()) {
    index.unshift(rest % d);
    rest = Math.floor(rest / d);
  }
  return `[${index.join(', ')}] = ${data[flat]}`;
}
