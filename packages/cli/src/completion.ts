/** `rnnlab completion`: a script that teaches a shell the commands and their options. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What can follow a command: its options with their descriptions, and the values of those that have choices. */
interface Completions {
  command: string;
  summary: string;
  options: { flag: string; description: string; choices: readonly string[] }[];
}

/** The script for a shell. */
export function completionScript(program: CommandUnknownOpts, shell: Shell): string {
  const commands = program.commands.map((command) => ({
    command: command.name(),
    summary: command.summary(),
    options: command.options
      .filter(({ long }) => long)
      .map(({ long, description, argChoices }) => ({ flag: long!, description, choices: argChoices ?? [] })),
  }));
  return { bash, zsh, fish }[shell](commands);
}

function bash(commands: readonly Completions[]): string {
  const names = commands.map(({ command }) => command).join(' ');
  const cases = commands.map(({ command, options }) => {
    const flags = options.map(({ flag }) => flag).join(' ');
    return `    ${command}) words="${flags} --help" ;;`;
  });
  const choices = commands.flatMap(({ command, options }) =>
    options
      .filter((option) => option.choices.length)
      .map((option) => `    "${command} ${option.flag}") words="${option.choices.join(' ')}" ;;`),
  );
  return `# rnnlab completion bash >> ~/.bashrc
_rnnlab() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  case "\${COMP_WORDS[1]} $before" in
${choices.join('\n')}
    *) case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names} --help --version"; fi
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "\${words//--*/}" -- "$word") $(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _rnnlab rnnlab
`;
}

function zsh(commands: readonly Completions[]): string {
  const described = commands.map(({ command, summary }) => `    '${command}:${quoteZsh(summary)}'`);
  const cases = commands.map(({ command, options }) => {
    const specs = options.map(({ flag, description, choices }) => {
      const values = choices.length ? `:value:(${choices.join(' ')})` : '';
      return `'${flag}[${quoteZsh(description)}]${values}'`;
    });
    return `    ${command}) _arguments ${specs.join(' ')} '*:file:_files' ;;`;
  });
  return `#compdef rnnlab
# rnnlab completion zsh > ~/.zfunc/_rnnlab
_rnnlab() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _rnnlab rnnlab
`;
}

const quoteZsh = (text: string): string => text.replaceAll("'", '’').replace(/[[\]:]/g, String.raw`\$&`);

function fish(commands: readonly Completions[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", '’')}'`;
  const lines = commands.flatMap(({ command, summary, options }) => [
    `complete -c rnnlab -n __fish_use_subcommand -f -a ${command} -d ${quote(summary)}`,
    ...options.map(({ flag, description, choices }) => {
      const values = choices.length ? ` -xa ${quote(choices.join(' '))}` : '';
      const seen = `'__fish_seen_subcommand_from ${command}'`;
      return `complete -c rnnlab -n ${seen} -l ${flag.slice(2)}${values} -d ${quote(description)}`;
    }),
  ]);
  return `# rnnlab completion fish > ~/.config/fish/completions/rnnlab.fish\n${lines.join('\n')}\n`;
}
