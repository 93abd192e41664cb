import { availableParallelism } from 'node:os';
import { Command } from '@commander-js/extra-typings';
import type { CommandIO } from './io';
import * as value from './option-values';
import { sweep } from './sweep';

const examples = `
Examples:
  $ rnnlab sweep names.txt --set cell=rnn,lstm,gru --set hidden=25,50,100
  $ rnnlab sweep names.txt --set lr=0.003,0.01,0.03 --set batch=8,32 --random 4 -- --epochs 10
  $ rnnlab sweep book.txt --set layers=1,2 --jobs 2 --json -- --minutes 10

Options behind -- go to every rnnlab train, as does the configuration file (--config, or the one in this folder).
`;

/** `rnnlab sweep`: its options. What it does stands in sweep.ts. */
export function sweepCommand(io: CommandIO) {
  return new Command('sweep')
    .summary('train with every combination of some options, in parallel')
    .description(
      'Trains once for every combination of some options, in parallel processes, and compares them.',
    )
    .argument('<file>', 'corpus, as for rnnlab train')
    .argument('[more...]', 'more files of it; behind --: options for every run')
    .option(
      '--set <option=values>',
      'values of an option of rnnlab train, separated by commas; may be repeated',
      value.repeated,
    )
    .option('--random <n>', 'only so many combinations, drawn at random', value.count)
    .option('--seed <n>', 'seed of the random choice', value.seed, 1)
    .option('--jobs <n>', 'processes at a time (default: one a processor)', value.count)
    .option('--out <folder>', 'where the checkpoints go', 'runs/sweep')
    .option('--json', 'print the table as JSON')
    .addHelpText('after', examples)
    .action((file, rest, options, command) => {
      const { set, jobs = availableParallelism(), ...others } = options;
      const { config } = command.opts() as { config?: string }; // an option of every command: program.ts
      return sweep({ file, rest, set, jobs, config, ...others }, io);
    });
}
