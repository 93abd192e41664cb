/**
 * Any error as one sentence for the person at the terminal: what happened and what to do about it.
 */
import { UserError } from './user-error';

/** Codes of the libraries' errors, whose messages are written to be read. By code: there is no one base class. */
const libraryCodes = new Set<unknown>([
  'ERR_SHAPE',
  'ERR_DTYPE',
  'ERR_CONFIG',
  'ERR_BACKEND',
  'ERR_CHECKPOINT',
  'ERR_TOKENIZER',
  'ERR_CORPUS',
  'ERR_DIVERGENCE',
  'ERR_NON_FINITE',
  'ERR_TENSORFLOW',
]);

/** What is the matter with a path, by the system's code, and what to do about it. */
const fileProblems: Readonly<Record<string, { problem: string; remedy: string }>> = {
  ENOENT: { problem: 'there is no such file', remedy: 'check the spelling and the folder you are in' },
  ENOTDIR: { problem: 'a part of its path is a file, not a folder', remedy: 'check the path' },
  EEXIST: { problem: 'a part of its path is a file, not a folder', remedy: 'check the path' },
  EISDIR: { problem: 'it is a folder', remedy: 'give a file' },
  EACCES: { problem: 'permission is denied', remedy: 'change its permissions or choose another path' },
  EPERM: { problem: 'permission is denied', remedy: 'change its permissions or choose another path' },
  EROFS: { problem: 'the file system is read-only', remedy: 'choose another path' },
  ENOSPC: { problem: 'the disk is full', remedy: 'make room or choose another path' },
  EMFILE: { problem: 'too many files are open', remedy: 'close some programs and try again' },
};

/** The problem with a file as a system error tells it; `undefined` for any other error. */
export function fileProblem(error: unknown): { problem: string; remedy: string } | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && Object.hasOwn(fileProblems, code) ? fileProblems[code] : undefined;
}

/** See the header of this file. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) return error.message;
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown };
  if (error instanceof Error && libraryCodes.has(code)) return error.message;
  const known = fileProblem(error);
  if (known) return `Cannot use ${path ? `"${path}"` : 'a file'}: ${known.problem}; ${known.remedy}.`;
  const message = error instanceof Error ? error.message : String(error);
  return `Unexpected error: ${message} (a bug of rnnlab; DEBUG=rnnlab shows where it happened)`;
}
