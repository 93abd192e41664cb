import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { someNames, temporaryFolder } from './testing/small-corpus';

/** A folder with a corpus and a configuration file; commands that train there for a moment. */
async function project(name: string, config: string) {
  const folder = await temporaryFolder();
  const [names, path] = [join(folder, 'names.txt'), join(folder, name)];
  await writeFile(names, someNames);
  await writeFile(path, config);
  const run = async (...options: string[]) => {
    const io = capturedIO();
    const common = ['--out', join(folder, 'm.safetensors'), '--epochs', '1', '--config', path];
    const code = await main(['train', names, ...common, ...options], io);
    return { code, out: io.out(), err: io.err() };
  };
  return { path, run };
}

it('takes options from a JSON file, and those of the command line first', async () => {
  const config = { train: { cell: 'gru', hidden: 7, lowerCase: false, lr: '0.02' }, generate: { seed: 3 } };
  const { run } = await project('rnnlab.config.json', JSON.stringify(config));
  const first = await run();
  expect(first.err).toBe('');
  expect(first.out).toContain('GRU, 1 layer of 7 units');
  expect(first.out).toContain('learning rate 0.02');
  expect(first.out).not.toContain('lower-cased');
  const second = await run('--hidden', '5', '--lower-case');
  expect(second.out).toContain('GRU, 1 layer of 5 units');
  expect(second.out).toContain('lower-cased');
});

it('takes options from a TypeScript file', async () => {
  const { run } = await project(
    'settings.ts',
    'const hidden: number = 3 + 6;\nexport default { train: { hidden } } satisfies object;\n',
  );
  const { out, err } = await run();
  expect(err).toBe('');
  expect(out).toContain('LSTM, 1 layer of 9 units');
});

it('takes options that may be repeated as a list or as one text', async () => {
  for (const [set, count] of [
    [['hidden=3,4', 'cell=rnn'], 2],
    ['hidden=5', 1],
  ]) {
    const folder = await temporaryFolder();
    const [names, path] = [join(folder, 'names.txt'), join(folder, 'rnnlab.config.json')];
    await writeFile(names, someNames);
    await writeFile(path, JSON.stringify({ sweep: { set, json: true, out: join(folder, 'runs') } }));
    // Without a program to start every run fails, which is reported for each.
    const io = { ...capturedIO(), program: [process.execPath, '--eval', 'process.exit(1)', '--'] };
    expect(await main(['sweep', names, '--config', path], io)).toBe(1);
    expect(JSON.parse(io.out())).toHaveLength(count as number);
  }
  const io = capturedIO();
  expect(await main(['sweep', 'names.txt'], io)).toBe(1);
  expect(io.err()).toBe(
    'rnnlab: There is nothing to compare: name an option and its values, e.g. --set hidden=25,50.\n',
  );
});

it.each([['{ "sweep": { "set": [5] } }', ': sweep.set is [5], expected one or more texts.']])(
  'refuses %s',
  async (config, text) => {
    const { path } = await project('rnnlab.config.json', config);
    const io = capturedIO();
    expect(await main(['sweep', 'names.txt', '--config', path], io)).toBe(1);
    expect(io.err()).toContain(`"${path}"${text}`);
  },
);

it.each([
  ['[1]', 'holds no object: expected e.g. { "train": { "hidden": 100 } }.'],
  ['{ "train": 5 }', ': train is 5, expected an object of options, e.g. { "train": { "hidden": 100 } }.'],
  ['{ "trian": {} }', ': "trian" is no command, expected one of train, resume, '],
  ['{ "train": { "hiden": 5 } }', ': train.hiden is no option, expected one of data, lowerCase, '],
  ['{ "train": { "hidden": 5.5 } }', ': train.hidden is 5.5. Expected an integer of at least 1.'],
  ['{ "train": { "hidden": [5] } }', ': train.hidden is [5], expected what --hidden <H> takes.'],
  ['{ "train": { "cell": "elman" } }', ': train.cell is "elman". Allowed choices are rnn, lstm, gru.'],
  ['{ "train": { "json": "yes" } }', ': train.json is "yes", expected true or false.'],
  ['{ "train": ', '; correct the file or name another with --config.'],
])('refuses %s', async (config, text) => {
  const { path, run } = await project('rnnlab.config.json', config);
  const { code, out, err } = await run();
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`"${path}"`);
  expect(err).toContain(text);
});
