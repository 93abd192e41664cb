import { expect, it } from 'vitest';
import { splitText } from './text-split';

it('holds out the end of the text, or of every stream', () => {
  const text = 'abcdefghijklmnopqrst';
  expect(splitText(text, 0.25)).toEqual({
    training: ['abcdefghijklmno'],
    validation: ['pqrst'],
    characters: { training: 15, validation: 5 },
  });
  expect(splitText(text, 0.3, 3)).toEqual({
    training: ['abcde', 'hijkl', 'opqr'],
    validation: ['fg', 'mn', 'st'],
    characters: { training: 14, validation: 6 },
  });
});

it('counts code points and cuts none', () => {
  expect(splitText('😀a😁b', 0.5, 2)).toMatchObject({ training: ['😀', '😁'], validation: ['a', 'b'] });
});
