import { Command } from '@commander-js/extra-typings';
import { evaluateRun } from './evaluate-run';
import { backendOption, threadsOption } from './backend-options';
import type { CommandIO } from './io';

const examples = `
Examples:
  $ rnnlab eval runs/names-lstm.safetensors               # on the validation part of its own corpus
  $ rnnlab eval runs/names-lstm.safetensors other.txt     # on the whole of another file
  $ rnnlab eval runs/names-lstm.safetensors --json
`;

/** `rnnlab eval`: its options. What it does stands in evaluate-run.ts. */
export function evalCommand(io: CommandIO) {
  return new Command('eval')
    .summary('measure a trained model on a text')
    .description(
      'Measures how well a trained model predicts a text: nats and bits per character, perplexity.',
    )
    .argument('<checkpoint>', 'file that rnnlab train wrote')
    .argument('[files...]', 'text to measure on (default: the validation part of the corpus)')
    .addOption(backendOption())
    .addOption(threadsOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples)
    .action((checkpoint, files, options) => evaluateRun(checkpoint, files, options, io));
}
