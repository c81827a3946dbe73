using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;

namespace ClipCore.Cli;

/// <summary>
/// The framework's help, with the program called as the user starts it, where the framework would take the name of the assembly; and without its
/// defaults, which the descriptions tell in words.
/// </summary>
/// <param name="root">The root of all commands.</param>
sealed partial class ProgramHelp(RootCommand root) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        using StringWriter text = new();
        parseResult.InvocationConfiguration.Output = text;
        new HelpAction().Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(Default().Replace(text.ToString(), "").Replace($"  {root.Name} ", $"  {CommandLine.Name} ", StringComparison.Ordinal));
        return ExitCode.Done;
    }

    [GeneratedRegex(@" \[default: [^\]]*\]")]
    private static partial Regex Default();
}
