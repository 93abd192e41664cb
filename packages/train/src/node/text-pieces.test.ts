import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from './read-text';
import { TextPieces } from './text-pieces';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-pieces-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function filesWith(contents: readonly (string | Uint8Array)[]): Promise<string[]> {
  const paths = contents.map((_, k) => join(folder, `${k}.txt`));
  await Promise.all(contents.map((content, k) => writeFile(paths[k], content)));
  return paths;
}

function read(pieces: TextPieces): string[] {
  const texts: string[] = [];
  for (let piece = pieces.at(pieces.start); ; piece = pieces.at(piece.next)) {
    texts.push(piece.text);
    if (!piece.next) return texts;
  }
}

/** What is difficult at a border: characters of one to four bytes, both ends of line, marks, spaces. */
const character = fc.constantFrom(
  'a',
  'bc',
  ' ',
  '\n',
  '\r',
  '\r\n',
  'é',
  '€',
  '😀',
  '\uFEFF',
  '\u2028',
  '\u00a0',
);
const content = fc.array(character, { maxLength: 40 }).map((all) => all.join(''));

describe('TextPieces', () => {
  it('gives the text of readText with one end of line, whatever the length of a piece', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 8, max: 40 }),
        async (contents, length) => {
          const paths = await filesWith(contents);
          const whole = await readText(paths).catch(() => '');
          const texts = read(new TextPieces(paths, length));
          expect(texts.join('')).toBe(whole.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
        },
      ),
      { numRuns: 300, seed: 11 },
    );
  });

  it('cuts before white space that follows a visible character', async () => {
    const paths = await filesWith(['one two\r\nthree  \n\nfour five six seven eight']);
    const expected = ['one two\nthree', '  \n\nfour five', ' six seven eight'];
    expect(read(new TextPieces(paths, 17))).toEqual(expected);
    const unspaced = await filesWith(['東京大阪京都']);
    expect(read(new TextPieces(unspaced, 8))).toEqual(['東京', '大阪', '京都']);
  });

  it('says which byte is not UTF-8, in whatever piece it lies', async () => {
    const before = 'é\n'.repeat(10);
    for (const [bytes, at, hex] of [
      [[0xfc, 0x6e], 30, 'FC'],
      [[0x61, 0xe2, 0x82], 31, 'E2'],
      [[0xf0, 0x9f, 0x98], 30, 'F0'],
    ] as const) {
      const paths = await filesWith([Uint8Array.of(...new TextEncoder().encode(before), ...bytes)]);
      const message = `${paths[0]}: byte ${at} (0x${hex}, line 11) is not UTF-8. Convert it, e.g. with iconv -f LATIN1 -t UTF-8.`;
      for (const length of [8, 9, 11, 64]) expect(() => read(new TextPieces(paths, length))).toThrow(message);
      await expect(readText(paths)).rejects.toThrow(message);
    }
  });

  it('refuses a file that has changed since', async () => {
    const paths = await filesWith(['some text']);
    const pieces = new TextPieces(paths);
    await writeFile(paths[0], 'some other text');
    expect(() => read(pieces)).toThrow(/0\.txt has changed since it was opened\. Open it again/);
  });
});
