/**
 * One event as one line of `run.jsonl`: JSON, without line breaks, numbers that JSON cannot hold as strings
 * (`"NaN"`, `"Infinity"`, `"-Infinity"`), an error as `{ name, code, message, diagnosis }`.
 */
import { RnnlabError } from '@rnnlab/tensor';
import { DivergenceError } from './divergence';
import type { TrainerEvent } from './trainer-events';

/** The line, without its end. */
export function eventToJSON(event: TrainerEvent): string {
  return JSON.stringify(event, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (value instanceof RnnlabError) {
      const diagnosis = value instanceof DivergenceError ? value.diagnosis : undefined;
      return { name: value.name, code: value.code, message: value.message, diagnosis };
    }
    return value;
  });
}
