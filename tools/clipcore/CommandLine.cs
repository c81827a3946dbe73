using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ClipCore.Cli.Commands;

namespace ClipCore.Cli;

/// <summary>The command line: finds the command, and turns what users do wrong into one line on stderr and exit code 2.</summary>
static class CommandLine
{
    /// <summary>Exit code of an error that the user can mend.</summary>
    public const int UserError = 2;

    // ENOSPC of Unix and ERROR_DISK_FULL of Windows.
    const int NoSpace = 28, DiskFull = 112;

    const int InternalError = 70;

    /// <summary>Runs one command.</summary>
    /// <param name="args">The arguments as the shell split them.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors and progress go.</param>
    /// <returns>The exit code: 0, or 2 for an error of the user.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        // Without this, a text that begins with @ would be read as the name of a file with arguments.
        ParserConfiguration parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        ParseResult result = CreateRoot().Parse(args, parsing);
        if (result.Action is not HelpAction && Fault(result) is { } fault)
            return Fail(error, $"{fault} See '{Name(result)} --help'.");
        try
        {
            return result.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (IOException exception) when ((exception.HResult & 0xFFFF) is NoSpace or DiskFull)
        {
            return Fail(error, $"{exception.Message}: free some space, then run the same command again.");
        }
        catch (Exception exception) when (exception is UserException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Fail(error, exception.Message);
        }
        catch (ArgumentException exception) when (exception.Message.StartsWith("The environment variable", StringComparison.Ordinal))
        {
            return Fail(error, exception.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(error, "interrupted.");
        }
        catch (OutOfMemoryException)
        {
            return Fail(error, "not enough memory: take fewer images at a time, a smaller model, --vision-only or --weights half.");
        }
        catch (Exception exception) when (Environment.GetEnvironmentVariable("CLIPCORE_DEBUG") is null or "")
        {
            error.WriteLine($"clipcore: internal error, please report it: {exception.GetType().Name}: {OneLine(exception.Message)} (CLIPCORE_DEBUG=1 shows where.)");
            return InternalError;
        }
    }

    static RootCommand CreateRoot()
    {
        RootCommand root = new("Runs CLIP in pure C# and explains what it sees: which layers, heads and patches made the image's representation, and which texts they speak of.");
        foreach (Command command in s_commands.Select(create => create()))
            root.Subcommands.Add(command);
        return root;
    }

    static readonly Func<Command>[] s_commands =
    [
        ExplainCommand.Create,
        InfoCommand.Create,
        ClassifyCommand.Create,
        EncodeCommand.Create,
        DecomposeCommand.Create,
        PreprocessCommand.Create,
        TokenizeCommand.Create,
        RunCommand.Create,
        MergeCommand.Create,
        ExportCommand.Create,
        AblateCommand.Create,
        TextSpanCommand.Create,
        SpuriousCommand.Create,
        SegmentCommand.Create,
        HeadsCommand.Create,
        RetrieveCommand.Create,
        PoolCommand.Create,
        ReproduceCommand.Create,
        VerifyCommand.Create,
        BenchCommand.Create,
    ];

    static string? Fault(ParseResult result)
    {
        // Arguments that take any number of words would swallow a misspelt option.
        if (!result.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            foreach (Argument argument in result.CommandResult.Command.Arguments)
                foreach (Token token in result.GetResult(argument)?.Tokens ?? [])
                    if (token.Value.Length > 1 && token.Value[0] == '-' && (token.Value[1] == '-' || char.IsAsciiLetter(token.Value[1])))
                        return $"Unrecognized option '{token.Value}' (put -- before words that begin with a dash).";
        if (result.UnmatchedTokens.Count > 0)
            return $"Unrecognized command or argument '{result.UnmatchedTokens[0]}'.";
        return result.Errors.Count > 0 ? result.Errors[0].Message : null;
    }

    static string Name(ParseResult result) =>
        result.CommandResult.Command is RootCommand ? "clipcore" : $"clipcore {result.CommandResult.Command.Name}";

    static int Fail(TextWriter error, string message)
    {
        error.WriteLine($"clipcore: {OneLine(message)}");
        return UserError;
    }

    static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
