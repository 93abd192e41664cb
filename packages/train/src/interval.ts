import { ConfigError } from '@rnnlab/tensor';
import type { Interval } from './trainer-options';

/** Where a run stands between two steps; `batch` is 0 at the end of an epoch. */
interface Moment {
  step: number;
  epoch: number;
  batch: number;
}

/** Whether an interval ends at this moment. */
export function endsInterval(every: Interval | undefined, { step, epoch, batch }: Moment): boolean {
  if (!every || step === 0) return false;
  return 'steps' in every ? step % every.steps === 0 : batch === 0 && epoch % every.epochs === 0;
}

/** @throws {@link ConfigError} unless it counts steps or epochs, by an integer ≥ 1. */
export function checkInterval(where: string, every: Interval | undefined): void {
  if (!every) return;
  const counts = Object.values(every);
  const known = Object.keys(every).every((unit) => unit === 'steps' || unit === 'epochs');
  if (known && counts.length === 1 && Number.isInteger(counts[0]) && counts[0] >= 1) return;
  throw new ConfigError(
    `${where} is ${JSON.stringify(every)}, expected { steps: n } or { epochs: n } with an integer n ≥ 1.`,
  );
}
