import { expect, it } from 'vitest';
import { detectData } from './detect-data';

const names = Array.from({ length: 40 }, (_, k) => `name${k}`);

it('reads short lines as examples of their own', () => {
  expect(detectData(names.join('\n'))).toEqual({
    kind: 'lines',
    because: '40 lines of 6 characters on average',
  });
});

it('takes every end of line, and empty lines at the end, for what they are', () => {
  expect(detectData(`${names.join('\r\n')}\r\n\r\n\r\n`).kind).toBe('lines');
});

it.each([
  ['few lines', names.slice(0, 4).join('\n'), 'only 4 lines'],
  ['one line', 'to be or not to be', 'only 1 line'],
  [
    'paragraphs',
    `${names.slice(0, 20).join('\n')}\n\n${names.slice(20).join('\n')}`,
    '1 empty line between the others',
  ],
  ['long lines', names.map((name) => name.repeat(12)).join('\n'), '69 characters a line on average'],
  ['a very long line', `${names.join('\n')}\n${'x'.repeat(513)}`, 'a line of 513 characters'],
])('reads %s as one text', (_, text, because) => {
  expect(detectData(text)).toEqual({ kind: 'text', because });
});

it('allows one empty line in fifty', () => {
  expect(detectData([...names, ...names, '', ...names].join('\n')).kind).toBe('lines');
});
