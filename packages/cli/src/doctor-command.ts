import { Command } from '@commander-js/extra-typings';
import { doctor } from './doctor';
import type { CommandIO } from './io';

/** `rnnlab doctor`: its options. What it does stands in doctor.ts. */
export function doctorCommand(io: CommandIO) {
  return new Command('doctor')
    .summary('show what this machine offers')
    .description('Shows what this machine offers: Node, processors, memory and numeric backends.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  $ rnnlab doctor\n  $ rnnlab doctor --json\n')
    .action((options) => doctor(options, io));
}
