import { expect, it } from 'vitest';
import { main } from './main';
import { showReading } from './reading-progress';
import { capturedIO } from './testing/captured-io';
import { someText, temporaryFile } from './testing/small-corpus';

const small = ['--hidden', '6', '--seq-len', '16', '--batch', '4', '--steps', '2'];

/** What stands on the terminal before the first word that is not about reading. */
const before = (out: string, word: string) => out.slice(0, out.indexOf(word));

it('shows on a terminal how far the reading is, for train, resume and eval', async () => {
  const file = await temporaryFile('play.txt', someText);
  const path = `${file}.safetensors`;
  const run = async (...args: string[]) => {
    const io = capturedIO({ isTTY: true, columns: 100, env: { NO_COLOR: '1' } });
    expect([await main(args, io), io.err()]).toEqual([0, '']);
    return io.out();
  };
  const shown = / 50% reading the text.*100% reading the text.*\u001b\[2K[\d. ]*$/s;
  const trained = await run('train', file, '--out', path, '--stream', ...small);
  expect(before(trained, 'corpus ')).toMatch(shown);
  expect(before(await run('resume', path, '--steps', '4'), 'corpus ')).toMatch(shown);
  expect(before(await run('eval', path), 'nats/char')).toMatch(shown);
  expect(await run('train', file, '--out', path, '--no-stream', ...small)).not.toContain('reading the text');
});

it('is silent without a terminal, and where JSON is asked for', async () => {
  const file = await temporaryFile('play.txt', someText);
  const out = async (isTTY: boolean, ...options: string[]) => {
    const io = capturedIO({ isTTY });
    const args = ['train', file, '--out', `${file}.safetensors`, '--stream', ...small, ...options];
    expect([await main(args, io), io.err()]).toEqual([0, '']);
    return io.out();
  };
  expect(await out(false)).toMatch(/^corpus /);
  expect(await out(true, '--json')).toMatch(/^\{"type":"run"/);
});

it('fits the line, and takes it away after an error too', async () => {
  const show = async (columns: number, env = {}) => {
    const io = capturedIO({ isTTY: true, columns, env });
    const opened = showReading(io, false, (onProgress) => {
      onProgress?.(1, 4);
      return Promise.reject(new Error('the disk is gone'));
    });
    await expect(opened).rejects.toThrow('the disk is gone');
    expect(io.out()).toMatch(/\u001b\[2K$/);
    return io.out();
  };
  expect(await show(80)).toMatch(/\u001b\[32m█{8}\u001b\[39m.*░{22}.* 25% reading the text/);
  expect(await show(40, { NO_COLOR: '1' })).not.toContain('█');
  expect(await show(0)).toContain('25% reading the text');
  expect(await show(12, { NO_COLOR: '1' })).toContain(' 25% readin\u001b');
});
