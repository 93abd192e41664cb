import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '@rnnlab/tensor';
import { CharTokenizer } from '@rnnlab/tokenizer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TextPieces } from './text-pieces';
import { countCharacters, TokenPart } from './token-part';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnnlab-part-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('reads any stretch of both parts, with more pieces than marks', async () => {
  const rng = new Rng(9);
  const alphabet = [...'abcdefgé€😀 \n'];
  const text = Array.from({ length: 90_000 }, () => alphabet[rng.int(alphabet.length)]).join('');
  const path = join(folder, 'text.txt');
  await writeFile(path, text);
  const tokenizer = CharTokenizer.fit(text, { unknown: 'error' });
  const pieces = new TextPieces([path], 16);
  const all = tokenizer.encode(text);
  const cut = 70_001;
  const training = new TokenPart(pieces, tokenizer, { position: pieces.start, skip: 0 }, cut);
  const indexed = (part: TokenPart) => {
    const steps = part.index();
    const ids: number[] = [];
    let step = steps.next();
    for (; !step.done; step = steps.next()) ids.push(...step.value.ids);
    return { ids, end: step.value };
  };
  const first = indexed(training);
  expect(first.ids).toEqual([...all.subarray(0, cut)]);
  const rest = countCharacters(text) - cut;
  const validation = new TokenPart(pieces, tokenizer, first.end, rest);
  expect(indexed(validation).ids).toEqual([...all.subarray(cut)]);
  for (const [part, from] of [
    [training, 0],
    [validation, cut],
  ] as const) {
    const onward = part.reader();
    for (let at = 0; at < part.length; at += 997) {
      const count = Math.min(part.length - at, 1 + rng.int(300));
      const expected = all.subarray(from + at, from + at + count);
      expect(onward(at, count)).toEqual(expected); // skips some tokens each time
      expect(part.reader()(at, count)).toEqual(expected);
    }
  }
});
