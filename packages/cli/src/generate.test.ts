import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, someText, temporaryFile } from './testing/small-corpus';

async function trained(name: string, corpus: string, ...options: string[]): Promise<string> {
  const file = await temporaryFile(name, corpus);
  const out = `${file}.safetensors`;
  const args = ['train', file, '--hidden', '8', '--epochs', '2', '--out', out, ...options];
  const io = capturedIO();
  expect([await main(args, io), io.err()]).toEqual([0, '']);
  return out;
}

async function generated(...args: string[]): Promise<string> {
  const io = capturedIO();
  expect([await main(['generate', ...args], io), io.err()]).toEqual([0, '']);
  return io.out();
}

it('writes lines that begin with the prompt, the same for the same seed', async () => {
  const model = await trained('names.txt', someNames);
  const text = await generated(model, '--prompt', 'Be', '--count', '4', '--seed', '7');
  expect(text).toMatch(/^(be[a-z]*\n){4}$/); // the corpus was lower-cased, so the prompt is
  expect(await generated(model, '--prompt', 'Be', '--count', '4', '--seed', '7')).toBe(text);
  expect(await generated(model, '--prompt', 'Be', '--count', '4', '--seed', '8')).not.toBe(text);
  expect(await generated(model, '--count', '1', '--length', '3', '--temperature', '5')).toMatch(
    /^[a-z]{0,3}\n$/,
  );
});

it('writes a text of the length asked for', async () => {
  const model = await trained('play.txt', someText, '--seq-len', '16', '--batch', '8');
  const text = await generated(model, '--prompt', 'Line ', '--length', '40');
  expect(text.slice(0, 5)).toBe('Line ');
  expect(text).toHaveLength(5 + 40 + 1);
  const greedy = await generated(model, '--temperature', '0', '--length', '30');
  expect(await generated(model, '--temperature', '0', '--length', '30', '--seed', '5')).toBe(greedy);
});

it('writes each piece as it is drawn, and stops when asked to, with exit code 130', async () => {
  const model = await trained('names.txt', someNames);
  const io = capturedIO();
  let writes = 0;
  const { write } = io.stdout;
  io.stdout.write = (...args: unknown[]) => {
    if (++writes === 20) io.interrupt();
    return (write as (...args: unknown[]) => boolean).apply(io.stdout, args);
  };
  expect(await main(['generate', model, '--count', '1000000'], io)).toBe(130);
  expect(writes).toBeLessThan(25);
});

it('refuses a prompt that the model cannot read', async () => {
  const model = await trained('names.txt', someNames);
  const io = capturedIO();
  expect(await main(['generate', model, '--prompt', 'Zürich'], io)).toBe(1);
  expect(io.err()).toBe(
    'rnnlab: The prompt holds "z", "ü", "c", "h", which the model was not trained on: use characters of its corpus (abdegilnorstux).\n',
  );
  const two = capturedIO();
  expect(await main(['generate', model, '--prompt', 'a\nb'], two)).toBe(1);
  expect(two.err()).toBe(
    'rnnlab: The prompt holds a line break, and this model writes single lines: leave it out.\n',
  );
});

it('draws with every filter of the library', async () => {
  const model = await trained('names.txt', someNames);
  const greedy = await generated(model, '--temperature', '0', '--count', '2');
  for (const filter of [
    ['--top-k', '1'],
    ['--top-p', '0.000001'],
    ['--min-p', '1'],
  ]) {
    expect(await generated(model, '--temperature', '1', '--count', '2', ...filter)).toBe(greedy);
  }
  const penalized = ['--temperature', '0', '--count', '2', '--repetition-penalty', '100'];
  expect(await generated(model, ...penalized)).not.toBe(greedy);
});

it('prints one JSON object a text for scripts', async () => {
  const model = await trained('names.txt', someNames);
  const plain = await generated(model, '--prompt', 'a', '--count', '3', '--seed', '2');
  const lines = (await generated(model, '--prompt', 'a', '--count', '3', '--seed', '2', '--json'))
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).text)).toEqual(plain.trimEnd().split('\n'));
  expect(JSON.parse(lines[0])).toMatchObject({ prompt: 'a', temperature: 0.8, seed: 2 });
});

it('answers prompts one a line, and explains those that it cannot read', async () => {
  const model = await trained('names.txt', someNames);
  const io = capturedIO({ stdin: 'ba\nqq\nga\n' });
  expect(await main(['generate', model, '--interactive'], io)).toBe(0);
  expect(io.out()).toMatch(/^ba[a-z]*\nga[a-z]*\n$/);
  expect(io.err()).toContain('The prompt holds "q", which the model was not trained on');
});
