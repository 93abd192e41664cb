import { expect, it } from 'vitest';
import { packageManager } from './install-dependencies';
import { parseOptions } from './options';
import { projectVersions } from './project-versions';

it('reads the command line', () => {
  const given = ['names', '--text', 'n.txt', '--cell', 'gru', '--read-as', 'text', '--no-install', '-y'];
  expect(parseOptions(given)).toMatchObject({
    folder: 'names',
    text: 'n.txt',
    cell: 'gru',
    readAs: 'text',
    install: false,
    yes: true,
  });
  expect(parseOptions([])).toMatchObject({ yes: false, help: false });
  expect(parseOptions([]).install).toBeUndefined();
});

it('refuses what there is not', () => {
  expect(() => parseOptions(['--cell', 'mgu'])).toThrow('--cell is "mgu", expected lstm, gru, rnn.');
  expect(() => parseOptions(['--read-as', 'book'])).toThrow('--read-as is "book", expected lines, text.');
  expect(() => parseOptions(['--colour'])).toThrow(/'--colour'.*See --help\./s);
  expect(() => parseOptions(['a', 'b'])).toThrow('There are 2 folders (a, b), expected one.');
});

it('asks for the versions that it was released with', () => {
  const devDependencies = { '@rnnlab/train': '^0.3.1', '@rnnlab/tensor': 'workspace:^', tsx: 'catalog:' };
  const { dependencies, devDependencies: tools } = projectVersions({ version: '1.0.0', devDependencies });
  expect(dependencies).toMatchObject({ '@rnnlab/train': '^0.3.1', '@rnnlab/tensor': 'latest' });
  expect(tools.tsx).toBe('latest');
});

it('goes on with the package manager that the user came with', () => {
  expect(packageManager({ npm_config_user_agent: 'pnpm/10.34.9 npm/? node/v22' })).toBe('pnpm');
  expect(packageManager({ npm_config_user_agent: 'other/1' })).toBe('npm');
  expect(packageManager({})).toBe('npm');
});
