/** The commands of `rnnlab` put together. */
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { applyConfig } from './apply-config';
import { compareCommand } from './compare-command';
import { completionCommand } from './completion-command';
import { readConfigFile } from './config-file';
import { doctorCommand } from './doctor-command';
import { evalCommand } from './eval-command';
import { generateCommand } from './generate-command';
import { inspectCommand } from './inspect-command';
import type { CommandIO } from './io';
import { resumeCommand } from './resume-command';
import { styleFor } from './style';
import { sweepCommand } from './sweep-command';
import { trainCommand } from './train-command';
import { version } from './version';

const examples = `
Examples:
  $ rnnlab train names.txt
  $ rnnlab generate runs/names-lstm.safetensors --prompt ma
  $ rnnlab inspect runs/names-lstm.safetensors

Exit codes: 0 done, 1 something was wrong (one sentence on stderr says what and what to do), 130 stopped by
Ctrl-C with the checkpoint saved. NO_COLOR=1 switches colours off, DEBUG=rnnlab shows where an error came from.
`;

/** The parser. Its errors are thrown, its output goes to `io`. */
export function createProgram(io: CommandIO) {
  const program = new Command('rnnlab')
    .description(
      'Recurrent neural networks by hand: train a language model on a text file and write with it.',
    )
    .version(version)
    .addCommand(trainCommand(io))
    .addCommand(resumeCommand(io))
    .addCommand(generateCommand(io))
    .addCommand(evalCommand(io))
    .addCommand(inspectCommand(io))
    .addCommand(sweepCommand(io))
    .addCommand(compareCommand(io))
    .addCommand(doctorCommand(io))
    .addCommand(completionCommand(io))
    .addHelpText('after', examples);
  const commands = program.commands.map((command) => command.name());
  for (const command of program.commands) {
    command.option(
      '--config <file>',
      'defaults of your own (default: rnnlab.config.ts, .js or .json, if there)',
    );
  }
  program.hook('preAction', async (_, command) => {
    const config = await readConfigFile(command.opts().config as string | undefined);
    if (config) applyConfig(command as CommandUnknownOpts, commands, config);
  });
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError()
      .configureHelp({ helpWidth: Math.min(110, io.stdout.columns ?? 100) })
      .configureOutput({
        writeOut: (text) => void io.stdout.write(text),
        writeErr: (text) => void io.stderr.write(text),
        outputError: () => {}, // main.ts writes all errors alike
        getOutHasColors: () => styleFor(io.stdout, io.env).isColorSupported,
      });
  }
  return program;
}
