import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';
import { temporaryFolder } from './testing/small-corpus';

async function script(shell: string): Promise<string> {
  const io = capturedIO();
  expect([await main(['completion', shell], io), io.err()]).toEqual([0, '']);
  return io.out();
}

it.each([
  [['rnnlab', 'ge'], ['generate']],
  [['rnnlab', 'train', '--hid'], ['--hidden']],
  [['rnnlab', 'train', '--cell', 'g'], ['gru']],
  [['rnnlab', 'train', 'nam'], ['names.txt']],
  [
    ['rnnlab', 'generate', '--top'],
    ['--top-k', '--top-p'],
  ],
])('completes %j in bash', async (words, expected) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'names.txt'), 'a\n');
  const list = words.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _rnnlab; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['-c', `${await script('bash')}\n${ask}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(answer.trim().split('\n').sort()).toEqual(expected);
});

it('describes every option to zsh and fish', async () => {
  expect(await script('zsh')).toContain("'--cell[recurrent cell (default\\: lstm)]:value:(rnn lstm gru)'");
  expect(await script('fish')).toContain(
    "complete -c rnnlab -n '__fish_seen_subcommand_from train' -l cell -xa 'rnn lstm gru' -d 'recurrent cell (default: lstm)'",
  );
});
