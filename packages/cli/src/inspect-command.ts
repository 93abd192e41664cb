import { Command } from '@commander-js/extra-typings';
import { inspect } from './inspect';
import type { CommandIO } from './io';

const examples = `
Examples:
  $ rnnlab inspect runs/names-lstm.safetensors
`;

/** `rnnlab inspect`: its options. What it does stands in inspect.ts. */
export function inspectCommand(io: CommandIO) {
  return new Command('inspect')
    .summary('show what is in a checkpoint')
    .description('Shows the model in a checkpoint, how it was trained, and its parameters.')
    .argument('<checkpoint>', 'file that rnnlab train wrote')
    .addHelpText('after', examples)
    .action((checkpoint) => inspect(checkpoint, io));
}
