/**
 * Ctrl-C: the first asks the command to save and stop, a second one, half a second later or more, ends the
 * process at once.
 *
 * Half a second, because npm and npx pass the signal on that the terminal has already sent to the whole process
 * group: one key press arrives twice.
 */
const twice = 500;

/** What is needed of `process`. */
interface InterruptedProcess {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
}

/** A signal that aborts with the name of SIGINT or SIGTERM as its reason. */
export function interruptSignal(target: InterruptedProcess = process): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    target.on(name, () => {
      const now = performance.now();
      if (first === undefined) {
        first = now;
        controller.abort(name);
      } else if (now - first >= twice) {
        target.exit(name === 'SIGTERM' ? 143 : 130);
      }
    });
  }
  return controller.signal;
}
