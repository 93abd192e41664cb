/**
 * What every tokenizer has to keep, as one suite that each of them runs. For the tests of this package, not published.
 * Property tests draw the same cases on every run (seed below); fast-check prints the smallest one that fails.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenizerError } from '../errors';
import type { SpecialTokens, Tokenizer } from '../tokenizer';
import { tokenizerFromJSON } from '../tokenizer-from-json';

fc.configureGlobal({ seed: 20260 });

/** Any string at all: every code point, UTF-16 units without their partner, and what tends to break things. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
      fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        '\u{1F600}',
        '👩‍🚀',
        'e\u0301',
        '\r\n',
        '\n',
        '  ',
        '<UNK>',
        '<PAD>',
        '__proto__',
        "don't",
        'aaa',
        '1st',
      ),
    ),
  )
  .map((parts) => parts.join(''));

/** How the suite makes the tokenizer under test. */
export interface TokenizerCase {
  /** Fits with these special tokens beside the default ones. */
  fit(texts: string | string[], specialTokens?: SpecialTokens): Tokenizer;
  /** Which one of several of the same class. */
  variant?: string;
  /** Whether it knows every string, whatever it was fitted on. */
  knowsEverything?: boolean;
}

const special = { padding: '<PAD>', start: '<BOS>', endOfLine: '\n' };

/** Runs the contract. */
export function describeTokenizer(
  name: string,
  { fit, variant = '', knowsEverything = false }: TokenizerCase,
): void {
  describe(`${name} ${variant} keeps the contract of tokenizers`, () => {
    const corpus = "low lower\nlowest 12 e\u0301 \u{1F600} don't <PAD>\n";
    const tokenizer = fit(corpus, special);
    const idOf = fc.nat({ max: tokenizer.vocabSize - 1 });

    it('decode∘encode is the identity on text it was fitted on, and its ids are in range', () => {
      fc.assert(
        fc.property(anyText, anyText, (text, other) => {
          fc.pre(text !== '');
          const fitted = fit([text, other], special);
          const ids = fitted.encode(text);
          expect(ids).toBeInstanceOf(Int32Array);
          expect(ids.every((id) => id >= 0 && id < fitted.vocabSize)).toBe(true);
          expect(fitted.decode(ids)).toBe(text);
        }),
      );
    });

    if (knowsEverything) {
      it('decode∘encode is the identity on any string at all', () => {
        fc.assert(
          fc.property(anyText, (text) => {
            expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
          }),
        );
      });
    }

    it('decodes any ids, in one go and as a stream, to the same text', () => {
      fc.assert(
        fc.property(fc.array(idOf), (ids) => {
          const decoder = tokenizer.createDecoder();
          for (let pass = 0; pass < 2; pass++) {
            const pushed = ids.map((id) => decoder.push(id));
            expect(pushed.some((text) => /[\uD800-\uDBFF]$/.test(text))).toBe(false);
            expect(pushed.join('') + decoder.flush()).toBe(tokenizer.decode(ids));
          }
        }),
      );
    });

    it('streams known text without a broken character', () => {
      const decoder = tokenizer.createDecoder();
      const pushed = Array.from(tokenizer.encode(corpus), (id) => decoder.push(id));
      expect(pushed.every((text) => !/[\uD800-\uDFFF\uFFFD]/u.test(text))).toBe(true);
      expect(pushed.join('')).toBe(corpus);
      expect(decoder.flush()).toBe('');
    });

    it('comes back from JSON the same', () => {
      fc.assert(
        fc.property(anyText, anyText, (text, other) => {
          fc.pre(text !== '');
          const fitted = fit(text, special);
          const copy = tokenizerFromJSON(JSON.parse(JSON.stringify(fitted)));
          expect(copy.constructor).toBe(fitted.constructor);
          expect(copy.vocabulary).toEqual(fitted.vocabulary);
          expect(copy.specialIds).toEqual(fitted.specialIds);
          expect(copy.encode(text + other)).toEqual(fitted.encode(text + other));
          expect(copy.toJSON()).toEqual(fitted.toJSON());
        }),
      );
    });

    it('does not depend on the order of the texts', () => {
      fc.assert(
        fc.property(fc.array(anyText, { minLength: 2, maxLength: 5 }), (texts) => {
          fc.pre(texts.some((text) => text));
          expect(fit(texts.toReversed()).toJSON()).toEqual(fit(texts).toJSON());
        }),
      );
    });

    it('has the special tokens, and makes them only from a symbol that is the token', () => {
      expect(Object.keys(tokenizer.specialIds)).toEqual(
        expect.arrayContaining(['padding', 'start', 'endOfLine']),
      );
      for (const [which, text] of Object.entries(special)) {
        const id = tokenizer.specialIds[which as keyof typeof special]!;
        expect(tokenizer.vocabulary[id]).toBe(text);
        expect(tokenizer.decode([id])).toBe(text);
      }
      const { padding, unknown, start, endOfLine } = tokenizer.specialIds;
      const ids = [...tokenizer.encode('<PAD> low<BOS>\n\nlow <UNK>')];
      for (const id of [padding, start]) expect(ids).not.toContain(id);
      expect(ids.filter((id) => id === endOfLine)).toHaveLength(2);
      const looksUnknown = fit('<UNK>', special);
      expect([...looksUnknown.encode('<UNK>')]).not.toContain(looksUnknown.specialIds.unknown ?? -1);
      expect(unknown === undefined).toBe(knowsEverything);
    });

    it('gives vocabulary and ids that nobody can change', () => {
      expect(tokenizer.vocabulary).toHaveLength(tokenizer.vocabSize);
      expect(() => (tokenizer.vocabulary as string[]).push('x')).toThrow(TypeError);
      expect(() => Object.assign(tokenizer.specialIds, { padding: 5 })).toThrow(TypeError);
      expect(tokenizer.encode('')).toEqual(new Int32Array(0));
      expect(tokenizer.decode([])).toBe('');
    });

    it('refuses ids that are none, and what is no text', () => {
      const last = tokenizer.vocabSize - 1;
      for (const id of [-1, last + 1, 0.5, NaN, Infinity]) {
        expect(() => tokenizer.decode([0, id])).toThrow(
          new TokenizerError(
            `${name}.decode: ids[1] is ${id}, expected 0 to ${last}. Do model and tokenizer belong together?`,
          ),
        );
        expect(() => tokenizer.createDecoder().push(id)).toThrow(
          `${name}.createDecoder: id is ${id}, expected 0 to`,
        );
      }
      expect(() => tokenizer.encode(7 as never)).toThrow(`${name}.encode: text is 7, expected a string.`);
    });

    it('refuses JSON that it did not write', () => {
      const json = JSON.parse(JSON.stringify(tokenizer)) as Record<string, unknown>;
      const read = (change: object) => () => tokenizerFromJSON({ ...json, ...change });
      expect(read({ version: 2 })).toThrow(
        `${name}.fromJSON: version is 2, expected 1. Update @rnnlab/tokenizer to read newer ones.`,
      );
      expect(read({ colour: 'red' })).toThrow(
        `${name}.fromJSON has a key that is "colour", expected one of type, version, `,
      );
      const polluted: unknown = JSON.parse(`{"__proto__": {}, ${JSON.stringify(json).slice(1)}`);
      expect(() => tokenizerFromJSON(polluted)).toThrow('has a key that is "__proto__"');
      expect(read({ specialTokens: JSON.parse('{"__proto__": "a"}') })).toThrow(
        'has a key that is "__proto__"',
      );
      expect(read({ specialTokens: [] })).toThrow(
        `${name}: specialTokens is an array of 0, expected an object.`,
      );
      expect(read({ specialTokens: { padding: 3 } })).toThrow(
        `${name}: specialTokens.padding is 3, expected a string`,
      );
      for (const key of Object.keys(json)) {
        const { [key]: _, ...rest } = json;
        expect(() => tokenizerFromJSON(rest)).toThrow(TokenizerError);
        expect(() => tokenizerFromJSON(rest)).toThrow(`${key} is undefined, expected`);
        for (const wrong of [null, 3, 'x', [3]]) expect(read({ [key]: wrong })).toThrow(TokenizerError);
      }
    });
  });
}
