import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { graphemes } from './graphemes';
import { anyText } from './testing/tokenizer-contract';

const inOneGo = (text: string) =>
  Array.from(new Intl.Segmenter('und').segment(text), ({ segment }) => segment);

it('finds the graphemes of the whole text, wherever the windows end', () => {
  // Flags pair up from the left, families join across several code points, a skin tone changes its neighbour.
  const tricky = fc.constantFrom(
    '🇦',
    '👩‍🚀',
    '👍',
    '\u{1F3FD}',
    'e\u0301',
    '\u0301',
    '\r',
    '\n',
    'क्षि',
    '각',
    'x',
  );
  fc.assert(
    fc.property(fc.nat({ max: 300 }), fc.array(tricky, { maxLength: 200 }), anyText, (shift, parts, text) => {
      const whole = 'x'.repeat(shift) + parts.join('') + text;
      expect([...graphemes(whole)]).toEqual(inOneGo(whole));
    }),
  );
});

it('takes a grapheme that is longer than a window', () => {
  const long = `e${'\u0301'.repeat(2000)}`;
  expect([...graphemes(`a${long}b`)]).toEqual(['a', long, 'b']);
});

it('has no surrogate pair cut by a window', () => {
  for (let shift = 250; shift < 260; shift++) {
    const text = `${'x'.repeat(shift)}👍\u{1F3FD}y`;
    expect([...graphemes(text)].slice(-2)).toEqual(['👍\u{1F3FD}', 'y']);
  }
});
