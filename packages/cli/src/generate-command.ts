import { Command } from '@commander-js/extra-typings';
import { generateText } from './generate';
import { backendOption, threadsOption } from './backend-options';
import type { CommandIO } from './io';
import * as value from './option-values';

const examples = `
Examples:
  $ rnnlab generate runs/names-lstm.safetensors
  $ rnnlab generate runs/names-lstm.safetensors --prompt tri --count 5
  $ rnnlab generate runs/book-lstm.safetensors --prompt "ROMEO:" --temperature 0.7 --length 1000
  $ rnnlab generate runs/book-lstm.safetensors --top-p 0.9 --seed 3 > sample.txt
  $ rnnlab generate runs/book-lstm.safetensors --interactive
`;

/** `rnnlab generate`: its options. What it does stands in generate.ts. */
export function generateCommand(io: CommandIO) {
  return new Command('generate')
    .summary('write text with a trained model')
    .description('Writes text with a trained model, each character as soon as it is drawn.')
    .argument('<checkpoint>', 'file that rnnlab train wrote')
    .option('--prompt <text>', 'what the text begins with', '')
    .option(
      '--temperature <t>',
      '0: always the likeliest character, 1: as the model says, above: wilder',
      value.notNegative,
      0.8,
    )
    .option('--seed <n>', 'seed of the draws: the same seed gives the same text', value.seed, 0)
    .option('--length <n>', 'characters, of each line at most (default: 500, for lines 200)', value.count)
    .option('--count <n>', 'how many lines or texts (default: 10 lines, or 1 text)', value.count)
    .option('--top-k <k>', 'draw from the k likeliest characters', value.count)
    .option('--top-p <p>', 'draw from the likeliest characters with this much probability', value.probability)
    .option('--min-p <p>', 'draw from characters at least p times as likely as the likeliest', value.share)
    .option(
      '--repetition-penalty <x>',
      'above 1: characters that came before become less likely',
      value.positive,
    )
    .addOption(backendOption())
    .addOption(threadsOption())
    .option('--interactive', 'read prompts from the keyboard, one a line, until Ctrl-D')
    .option('--json', 'print one JSON object for each text')
    .addHelpText('after', examples)
    .action((checkpoint, options) => generateText(checkpoint, options, io));
}
