/** How a text is read: one example a line (names, titles), or as one long text. */
export type ReadAs = 'lines' | 'text';

/** A first guess, which the user may overrule: short lines without gaps between them are a list. */
export function guessReadAs(text: string): ReadAs {
  const all = text.trimEnd().split(/\r\n|\n|\r/);
  const lines = all.filter((line) => line.trim() !== '');
  const characters = lines.reduce((sum, line) => sum + line.length, 0);
  const isList = lines.length >= 5 && characters <= 64 * lines.length && lines.length >= 0.98 * all.length;
  return isList ? 'lines' : 'text';
}
