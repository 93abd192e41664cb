import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, temporaryFile } from './testing/small-corpus';

it('shows the model, how it was trained, its tensors and the measurements', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const path = `${file}.safetensors`;
  const training = capturedIO();
  await main(['train', file, '--out', path, '--hidden', '6', '--layers', '2', '--epochs', '3'], training);
  const io = capturedIO();
  expect([await main(['inspect', path], io), io.err()]).toEqual([0, '']);
  const out = io.out();
  expect(out).toMatch(new RegExp(`^checkpoint  ${path}, \\d+\\.\\d kB, schema 1 of @rnnlab/train \\d`));
  expect(out).toContain('model       LSTM, 2 layers of 6 units, one-hot input\n');
  expect(out).toContain('tokens      15: "\\n" a b d e g i l n o r s t u x\n');
  expect(out).toContain(`corpus      ${file}, read as lines, lower-cased\n`);
  expect(out).toMatch(/trained +6 steps, 3 epochs, \d+ s: adam, learning rate 0\.01, batch 32, seed 1\n/);
  expect(out).toMatch(/best +\d\.\d{3} nats\/char on the validation part, at step 6\n/);
  expect(out).toMatch(/ rnn\.weight_ih_l0 +\[24, 15\] +360\n/);
  expect(out).toMatch(/ head\.bias +\[15\] +15\n/);
  expect(out.match(/step +[246] {2}training \d\.\d{3} {2}validation \d\.\d{3}/g)).toHaveLength(3);
});
