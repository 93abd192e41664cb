import { expect, it } from 'vitest';
import { guessReadAs } from './read-as';

it('takes short lines without gaps for a list, everything else for a text', () => {
  expect(guessReadAs('ada\nalan\nanita\nbarbara\ndonald\n')).toBe('lines');
  expect(guessReadAs('ada\nalan\nanita\nbarbara\n')).toBe('text'); // too few to be a list
  expect(guessReadAs(`${'a'.repeat(65)}\n`.repeat(9))).toBe('text');
  expect(guessReadAs('First Citizen:\nBefore we proceed\n\nAll:\nSpeak, speak.\n\nFirst Citizen:\nYou')).toBe(
    'text',
  );
});
