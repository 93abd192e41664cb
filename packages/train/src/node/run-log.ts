/**
 * `run.jsonl`: the events of a run, one JSON object a line in the order they came (trainer-events.ts documents
 * their members, event-json.ts the form). Lines are appended, so the log of a resumed run goes on in the same
 * file behind a further `start` event.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { eventToJSON } from '../event-json';
import type { TrainerEvent } from '../trainer-events';

/**
 * Appends events to a file.
 *
 * @example
 * ```ts
 * import { RunLog } from '@rnnlab/train/node';
 *
 * const log = new RunLog('runs/first/run.jsonl');
 * // new Trainer({ …, onEvent: log.write })
 * ```
 */
export class RunLog {
  readonly path: string;

  /** @param path Its folder is made when it is not there. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.path = path;
  }

  /** Appends one event. Bound to this log, so it can be passed as `onEvent`. */
  readonly write = (event: TrainerEvent): void => {
    // One small synchronous append an event: what was told is in the file, whatever happens next.
    appendFileSync(this.path, `${eventToJSON(event)}\n`);
  };
}
