import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, someText, temporaryFile } from './testing/small-corpus';

async function run(...args: string[]): Promise<string> {
  const io = capturedIO();
  expect([await main(args, io), io.err()]).toEqual([0, '']);
  return io.out();
}

it('measures the validation part as training did, from the saved file', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const path = `${file}.safetensors`;
  const training = await run('train', file, '--out', path, '--hidden', '6', '--epochs', '3');
  const best = /Best validation: (\d\.\d{3}) nats/.exec(training)![1];
  const out = await run('eval', path);
  expect(out.split('\n')[0]).toMatch(`${best} nats/char on the validation part of ${file}, `);
  expect(out).toMatch(
    /\n\d\.\d{3} bits\/char, perplexity \d+\.\d{3}\na unigram scores 2\.\d{3}, a bigram \d\.\d{3}, a 5-gram \d\.\d{3} nats/,
  );
  const facts = JSON.parse(await run('eval', path, '--json'));
  expect(facts.nats.toFixed(3)).toBe(best);
  expect(facts.perplexity).toBeCloseTo(Math.exp(facts.nats), 12);
  expect(facts.bitsPerCharacter).toBeCloseTo(facts.nats / Math.LN2, 12);
});

it('uses the weights of the best measurement, also of one made at the very end', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const path = `${file}.safetensors`;
  const training = await run('train', file, '--out', path, '--hidden', '6', '--steps', '5');
  const [, best, step] = /Best validation: (\d\.\d{3}) nats\/char at step (\d)/.exec(training)!;
  expect(step).toBe('5'); // an epoch has two steps, and the loss still falls
  expect(await run('eval', path)).toMatch(new RegExp(`^${best} `));
  expect(await run('inspect', path)).toMatch(
    new RegExp(`best +${best} nats/char on the validation part, at step 5`),
  );
  const early = await run('train', file, '--out', path, '--hidden', '9', '--epochs', '60', '--lr', '0.1');
  const [, peak, at] = /Best validation: (\d\.\d{3}) nats\/char at step (\d+)/.exec(early)!;
  expect(Number(at)).toBeLessThan(120);
  expect(await run('eval', path)).toMatch(new RegExp(`^${peak} `));
});

it('uses the average of the weights where one was asked for: of the last step, of the best, and without a measurement', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const path = `${file}.safetensors`;
  const trained = async (...options: string[]) => {
    const out = await run('train', file, '--out', path, '--hidden', '6', '--lr', '0.03', ...options);
    return [/Best validation: (\d\.\d{3})/.exec(out)?.[1], (await run('eval', path, file)).slice(0, 5)];
  };
  for (const end of [
    ['--steps', '5'],
    ['--epochs', '3'],
  ]) {
    const [plain] = await trained(...end);
    const [averaged] = await trained(...end, '--ema', '0.9');
    expect(averaged).not.toBe(plain);
    expect(await run('eval', path)).toMatch(new RegExp(`^${averaged} `));
  }
  const unmeasured = ['--steps', '5', '--validation-every', '0'];
  const [, plain] = await trained(...unmeasured);
  const [, averaged] = await trained(...unmeasured, '--ema', '0.9');
  // Five steps from the beginning, the average has moved less than the weights.
  expect(Number(averaged)).toBeGreaterThan(Number(plain) + 0.01);
});

it('measures the whole of another file, and refuses what it cannot', async () => {
  const file = await temporaryFile('play.txt', someText);
  const path = `${file}.safetensors`;
  const options = [
    '--seq-len',
    '16',
    '--batch',
    '4',
    '--hidden',
    '6',
    '--steps',
    '5',
    '--validation-fraction',
    '0',
  ];
  await run('train', file, '--out', path, ...options);
  expect(await run('eval', path, file)).toContain(`nats/char on all of ${file}, 2,558 characters`);
  const io = capturedIO();
  expect(await main(['eval', path], io)).toBe(1);
  expect(io.err()).toBe(
    `rnnlab: "${file}" was used for training as a whole: name another file to measure on.\n`,
  );
});
