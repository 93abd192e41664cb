import { Command, Option } from '@commander-js/extra-typings';
import { optimizerNames } from './create-optimizer';
import { scheduleNames } from './create-schedule';
import { backendOption, threadsOption } from './backend-options';
import type { CommandIO } from './io';
import * as value from './option-values';
import { defaultValidationEvery, defaultValidationFraction, describeDefault } from './train-defaults';
import { tokenizerNames } from './tokenizers';
import { train } from './train';

const examples = `
Examples:
  $ rnnlab train names.txt
  $ rnnlab train names.txt --cell gru --hidden 100 --epochs 40
  $ rnnlab train book.txt --data text --layers 2 --dropout 0.2 --minutes 30
  $ rnnlab train book.txt --optimizer adamw --weight-decay 0.1 --schedule cosine --warmup 200
  $ rnnlab train girls.txt boys.txt more-names/
  $ rnnlab train names.txt --out runs/names.safetensors --seed 7

Several files are read one behind the other in the order given, a folder's .txt files in the order of their names, with
a line break between two where the first does not end with one.

How a corpus is read (--data auto): as lines, each an example of its own, when it has at least 5 lines of 64
characters on average at most, none above 512, and hardly an empty one between them; else as one long text.

A text above 64 MiB stays on the disk (--stream): training, batches and results are the same, and a few megabytes
suffice. It is read as it is (no --lower-case), and no 5-gram is counted.
`;

/** `rnnlab train`: its options. What it does stands in train.ts. */
export function trainCommand(io: CommandIO) {
  return new Command('train')
    .summary('train a character-level language model on text files')
    .description('Trains a character-level language model on text and saves it as a checkpoint.')
    .argument(
      '<files...>',
      'UTF-8 text: a list of lines (names, titles) or one long text; a folder stands for its .txt files',
    )
    .optionsGroup('Data:')
    .addOption(
      new Option('--data <kind>', 'how the corpus is read')
        .choices(['auto', 'lines', 'text'])
        .default('auto'),
    )
    .option('--lower-case', `lower-case the corpus (default: ${describeDefault('lowerCase')})`)
    .option('--no-lower-case', 'keep capitals')
    .option('--stream', 'leave a long text in its files and read it while training (default: above 64 MiB)')
    .option('--no-stream', 'hold the text in memory, however long it is')
    .addOption(
      new Option('--tokenizer <kind>', 'what a token is (default: characters)').choices(tokenizerNames),
    )
    .option('--vocab-size <n>', 'tokens of bpe (default: 756) or words (default: all) at most', value.count)
    .option('--seq-len <T>', option('characters of one chunk of a text', 'seqLen'), value.count)
    .option(
      '--validation-every <k>',
      `hold out every k-th line, 0 for none (default for lines: ${defaultValidationEvery})`,
      value.validationEvery,
    )
    .option(
      '--validation-fraction <part>',
      `hold out the last part, 0 for none (default for a text: ${defaultValidationFraction})`,
      value.fraction,
    )
    .optionsGroup('Model:')
    .addOption(new Option('--cell <type>', option('recurrent cell', 'cell')).choices(['rnn', 'lstm', 'gru']))
    .option('--hidden <H>', option('units of a layer', 'hidden'), value.count)
    .option('--layers <n>', option('layers on top of each other', 'layers'), value.count)
    .option('--embedding <E>', 'size of a learned vector for each character (default: one-hot)', value.count)
    .option('--dropout <p>', option('probability of dropout between layers', 'dropout'), value.fraction)
    .optionsGroup('Training:')
    .option(
      '--epochs <n>',
      `${option('passes over the corpus', 'epochs')}, unless --steps or --minutes is given`,
      value.count,
    )
    .option('--steps <n>', 'stop after so many optimizer steps', value.count)
    .option('--minutes <t>', 'stop after so many minutes', value.positive)
    .option(
      '--evaluate-every <steps>',
      'measure and draw samples after so many steps (default: at the end of every epoch)',
      value.count,
    )
    .option('--patience <n>', 'stop after so many evaluations without a new best', value.count)
    .option('--batch <B>', option('lines, or streams of a text, in one step', 'batch'), value.count)
    .option('--accumulate <n>', 'batches whose gradients make one step (default: 1)', value.count)
    .addOption(new Option('--optimizer <name>', option('optimizer', 'optimizer')).choices(optimizerNames))
    .option('--lr <rate>', `${option('learning rate', 'lr')}; tuned for adam`, value.positive)
    .addOption(
      new Option(
        '--schedule <name>',
        'how the learning rate moves until the last step (default: constant)',
      ).choices(scheduleNames),
    )
    .option('--warmup <steps>', 'steps in which the learning rate climbs (default: 0)', value.wholeNumber)
    .option('--weight-decay <lambda>', "weight decay (default: the optimizer's own)", value.notNegative)
    .option(
      '--ema <decay>',
      'measure, sample and keep a moving average of the weights, e.g. 0.99 (default: none)',
      value.fraction,
    )
    .option('--clip <norm>', option('largest norm of the gradient, 0 for any', 'clip'), value.notNegative)
    .option('--seed <n>', option('seed of weights, shuffles and samples', 'seed'), value.seed)
    .addOption(backendOption())
    .addOption(threadsOption())
    .optionsGroup('Output:')
    .option(
      '--out <file>',
      'checkpoint (default: runs/<first file>-<cell>.safetensors, numbered when there is one)',
    )
    .option(
      '--keep-last <n>',
      'also keep the checkpoints of the last n evaluations and the best, in a folder beside --out (default: none)',
      value.count,
    )
    .option('--temperature <t>', option('of the samples at the end', 'temperature'), value.notNegative)
    .option('--json', 'print one JSON object a line instead of text')
    .option('--log <file>', 'append one JSON object a line to a file: every step, evaluation and sample')
    .option('--report <file>', 'write a page with loss curves and samples, e.g. run.html')
    .addHelpText('after', examples)
    .action((files, options) => train({ files, ...options }, io));
}

function option(text: string, name: Parameters<typeof describeDefault>[0]): string {
  return `${text} (default: ${describeDefault(name)})`;
}
