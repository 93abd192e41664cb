import { Argument, Command } from '@commander-js/extra-typings';
import { completionScript, shells } from './completion';
import type { CommandIO } from './io';

const examples = `
Examples:
  $ rnnlab completion bash >> ~/.bashrc
  $ rnnlab completion zsh > ~/.zfunc/_rnnlab
  $ rnnlab completion fish > ~/.config/fish/completions/rnnlab.fish
`;

/** `rnnlab completion`: prints what completion.ts makes. */
export function completionCommand(io: CommandIO) {
  return new Command('completion')
    .summary('print a script that completes commands in a shell')
    .description('Prints a script that teaches a shell the commands and their options.')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText('after', examples)
    .action((shell, _options, command) => {
      io.stdout.write(completionScript(command.parent!, shell));
    });
}
