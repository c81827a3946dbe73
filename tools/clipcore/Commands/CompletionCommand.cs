using System.CommandLine;
using ClipCore.Cli.Options;

namespace ClipCore.Cli.Commands;

/// <summary><c>clipcore completion</c>: a script that makes a shell complete commands and options, by asking the program itself.</summary>
static class CompletionCommand
{
    static readonly Dictionary<string, string> s_scripts = new()
    {
        ["bash"] = """
            # clipcore completion for bash; put into ~/.bashrc: eval "$(clipcore completion bash)"
            _clipcore() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(clipcore "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
              [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o filenames -F _clipcore clipcore
            """,
        ["zsh"] = """
            # clipcore completion for zsh; put into ~/.zshrc: eval "$(clipcore completion zsh)"
            _clipcore() {
              local -a found
              found=("${(@f)$(clipcore "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
              if (( ${#found} )) && [[ -n ${found[1]} ]]; then compadd -- "${found[@]}"; else _files; fi
            }
            compdef _clipcore clipcore
            """,
        ["fish"] = """
            # clipcore completion for fish; put into ~/.config/fish/config.fish: clipcore completion fish | source
            complete -c clipcore -a '(clipcore "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
        ["pwsh"] = """
            # clipcore completion for PowerShell; put into $PROFILE: clipcore completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName clipcore -ScriptBlock {
              param($word, $ast, $position)
              clipcore "[suggest:$position]" "$ast" | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """,
    };

    public static Command Create()
    {
        Command command = new("completion", "Print a script that makes a shell complete commands and options.");
        Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh.", HelpName = "SHELL" };
        shell.AcceptOnlyFromAmong([.. s_scripts.Keys]);
        command.Arguments.Add(shell);
        command.OnRun((result, _) => result.InvocationConfiguration.Output.WriteLine(s_scripts[result.GetValue(shell)!].ReplaceLineEndings("\n")));
        return command;
    }
}
