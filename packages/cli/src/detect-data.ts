/**
 * Is a file a list of lines (names, titles), each an example of its own, or one long text?
 *
 *   lines   at least 5 lines, 64 characters a line on average at most, none longer than 512,
 *           and at most one empty line in fifty
 *   text    everything else
 *
 * Plays, poems and source code have short lines too; what gives them away is the empty lines between their
 * parts. A list of lines never needs one.
 */

/** How a corpus is read. */
export type DataKind = 'lines' | 'text';

const limits = { leastLines: 5, meanLength: 64, longest: 512, emptyShare: 1 / 50 };

/** What the file looks like, and why in a few words. */
export function detectData(text: string): { kind: DataKind; because: string } {
  const all = text.trimEnd().split(/\r\n|\n|\r/);
  const lines = all.filter((line) => line.trim() !== '');
  const empty = all.length - lines.length;
  const mean = lines.reduce((sum, line) => sum + line.length, 0) / Math.max(1, lines.length);
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  const count = (n: number, what: string) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
  const text_ = (because: string) => ({ kind: 'text' as const, because });
  if (lines.length < limits.leastLines) return text_(`only ${count(lines.length, 'line')}`);
  if (empty > all.length * limits.emptyShare)
    return text_(`${count(empty, 'empty line')} between the others`);
  if (mean > limits.meanLength) return text_(`${mean.toFixed(0)} characters a line on average`);
  if (longest > limits.longest) return text_(`a line of ${count(longest, 'character')}`);
  return {
    kind: 'lines',
    because: `${count(lines.length, 'line')} of ${mean.toFixed(0)} characters on average`,
  };
}
