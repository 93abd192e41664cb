import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileProblem } from './describe-error';
import { HtmlReport } from './html-report';
import type { CommandIO } from './io';
import { JsonLines } from './json-lines';
import type { RunObserver } from './run-observer';
import { TextDisplay } from './text-display';
import { UserError } from './user-error';

/** Who watches a run, by the options of the command line. */
export interface ObserverOptions {
  /** JSON lines on stdout instead of text. */
  json?: boolean;
  /** JSON lines in this file. */
  log?: string;
  /** A page in this file. */
  report?: string;
}

/** @throws {@link UserError} when a file cannot be written. */
export function createObservers({ json, log, report }: ObserverOptions, io: CommandIO): RunObserver[] {
  const observers: RunObserver[] = [
    json ? new JsonLines((line) => void io.stdout.write(line)) : new TextDisplay(io),
  ];
  if (log !== undefined) observers.push(logFile(log));
  if (report !== undefined) observers.push(new HtmlReport(report));
  return observers;
}

/** Written line by line and at once, so that nothing is missing after a crash. */
function logFile(path: string): RunObserver {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'a');
    return new JsonLines(
      (line) => writeSync(file, line),
      () => closeSync(file),
    );
  } catch (error) {
    const known = fileProblem(error);
    if (!known) throw error;
    throw new UserError(`Cannot write the log "${path}": ${known.problem}; choose another --log.`);
  }
}
