/** How a text becomes lines. */
export interface SplitLinesOptions {
  /** Lower-case every line (Unicode's rules, no locale's). Default false. */
  lowerCase?: boolean;
  /** Remove white space at both ends of every line. Default false. */
  trim?: boolean;
}

/**
 * The lines of a text, without those that are empty. Ends of line are LF, CRLF and CR; a byte order mark at the
 * beginning is no character.
 */
export function splitLines(text: string, options: SplitLinesOptions = {}): string[] {
  return normalizeLines(text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/), options);
}

/** Lines as {@link splitLines} would return them. */
export function normalizeLines(lines: readonly string[], options: SplitLinesOptions): string[] {
  return lines.map((line) => normalizeLine(line, options)).filter((line) => line !== '');
}

/** One line as {@link splitLines} would return it. */
export function normalizeLine(line: string, { lowerCase, trim }: SplitLinesOptions): string {
  const trimmed = trim ? line.trim() : line;
  return lowerCase ? trimmed.toLowerCase() : trimmed;
}
