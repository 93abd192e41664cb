import { Command } from '@commander-js/extra-typings';
import { backendOption, threadsOption } from './backend-options';
import type { CommandIO } from './io';
import * as value from './option-values';
import { resume } from './resume';

const examples = `
Examples:
  $ rnnlab resume runs/names-lstm.safetensors                 # to the end that train was told, after Ctrl-C
  $ rnnlab resume runs/names-lstm.safetensors --epochs 60     # further than that
  $ rnnlab resume runs/names-lstm.safetensors --minutes 20 --out runs/longer.safetensors

Goes on bit for bit as if training had never stopped: weights, optimizer, shuffles and the place in the corpus
are all in the checkpoint. The corpus itself is not; it has to be where it was, or be named with --file.
`;

/** `rnnlab resume`: its options. What it does stands in resume.ts. */
export function resumeCommand(io: CommandIO) {
  return new Command('resume')
    .summary('go on training from a checkpoint')
    .description('Goes on training from a checkpoint, as if it had never stopped.')
    .argument('<checkpoint>', 'file that rnnlab train wrote')
    .option('--file <file>', 'the corpus, when it has moved; may be repeated', value.repeated)
    .option('--epochs <n>', 'stop after so many passes, counted from the very beginning', value.count)
    .option('--steps <n>', 'stop after so many steps, counted from the very beginning', value.count)
    .option('--minutes <t>', 'stop after so many minutes, counted from the very beginning', value.positive)
    .addOption(backendOption())
    .addOption(threadsOption())
    .option('--out <file>', 'where to save (default: the same file)')
    .option('--json', 'print one JSON object a line instead of text')
    .option('--log <file>', 'append one JSON object a line to a file')
    .option('--report <file>', 'write a page with loss curves and samples, e.g. run.html')
    .addHelpText('after', examples)
    .action((checkpoint, options) => resume(checkpoint, options, io));
}
