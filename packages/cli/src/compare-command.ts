import { Command, Option } from '@commander-js/extra-typings';
import { compare } from './compare';
import { compareEngines, compareOptimizers } from './compare-options';
import type { CommandIO } from './io';
import * as value from './option-values';
import { describeDefault } from './train-defaults';

const examples = `
Examples:
  $ rnnlab compare
  $ rnnlab compare names.txt --cell gru --engine wasm
  $ rnnlab compare book.txt --data text --hidden 128 --steps 100 --out book.html

Needs @rnnlab/tf-compare: npm install @rnnlab/tf-compare. With @tensorflow/tfjs-node beside it, TensorFlow's own kernels run.
A GRU is compared in the form that TensorFlow.js has, with the reset gate before the product.
`;

/** `rnnlab compare`: its options. What it does stands in compare.ts. */
export function compareCommand(io: CommandIO) {
  return new Command('compare')
    .summary('train the same network here and in TensorFlow.js, and show both side by side')
    .description(
      'Trains the same network here and in TensorFlow.js, from the same weights on the same batches, and writes a page that shows every difference.',
    )
    .argument('[file]', 'UTF-8 text, as for rnnlab train (default: a list of given names)')
    .addOption(
      new Option('--engine <name>', "what runs TensorFlow.js: node is TensorFlow's own kernels")
        .choices(compareEngines)
        .default('auto' as const),
    )
    .addOption(
      new Option('--data <kind>', 'how the corpus is read')
        .choices(['auto', 'lines', 'text'])
        .default('auto'),
    )
    .option('--lower-case', `lower-case the corpus (default: ${describeDefault('lowerCase')})`)
    .option('--no-lower-case', 'keep capitals')
    .option('--seq-len <T>', option('characters of one chunk of a text', 'seqLen'), value.count)
    .addOption(new Option('--cell <type>', option('recurrent cell', 'cell')).choices(['rnn', 'lstm', 'gru']))
    .option('--hidden <H>', option('units of a layer', 'hidden'), value.count)
    .option('--layers <n>', option('layers on top of each other', 'layers'), value.count)
    .option('--embedding <E>', 'size of a learned vector for each character (default: one-hot)', value.count)
    .option('--steps <n>', 'optimizer steps', value.count, 200)
    .option('--batch <B>', option('lines, or streams of a text, in one step', 'batch'), value.count)
    .addOption(
      new Option('--optimizer <name>', 'optimizer, in the form of TensorFlow.js')
        .choices(compareOptimizers)
        .default('adam' as const),
    )
    .option('--lr <rate>', `${option('learning rate', 'lr')}; tuned for adam`, value.positive)
    .option('--clip <norm>', option('largest norm of the gradient, 0 for any', 'clip'), value.notNegative)
    .option('--seed <n>', option('seed of weights, shuffles and samples', 'seed'), value.seed)
    .option('--temperature <t>', option('of the samples', 'temperature'), value.notNegative)
    .option('--out <file>', 'the page; its numbers go beside it as .json', 'compare.html')
    .addHelpText('after', examples)
    .action((file, options) => compare({ file, ...options }, io));
}

function option(text: string, name: Parameters<typeof describeDefault>[0]): string {
  return `${text} (default: ${describeDefault(name)})`;
}
