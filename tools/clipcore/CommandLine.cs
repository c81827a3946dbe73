using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ClipCore.Cli.Commands;
using ClipCore.Cli.Options;
using ClipCore.Decomposition;

namespace ClipCore.Cli;

/// <summary>The command line: finds the command, and turns what users do wrong into one line on stderr and exit code 2.</summary>
static class CommandLine
{
    /// <summary>What the program is called, whatever file it runs from.</summary>
    public const string Name = "clipcore";

    // ENOSPC of Unix and ERROR_DISK_FULL of Windows.
    const int NoSpace = 28, DiskFull = 112;

    static readonly Func<Command>[] s_commands =
    [
        ExplainCommand.Create,
        ClassifyCommand.Create,
        EncodeCommand.Create,
        DecomposeCommand.Create,
        RetrieveCommand.Create,
        SegmentCommand.Create,
        RunCommand.Create,
        MergeCommand.Create,
        ExportCommand.Create,
        AblateCommand.Create,
        TextSpanCommand.Create,
        SpuriousCommand.Create,
        HeadsCommand.Create,
        ReproduceCommand.Create,
        PoolCommand.Create,
        InfoCommand.Create,
        TokenizeCommand.Create,
        PreprocessCommand.Create,
        VerifyCommand.Create,
        BenchCommand.Create,
        SchemaCommand.Create,
        CompletionCommand.Create,
    ];

    /// <summary>Runs one command; Ctrl-C and SIGTERM end it in order.</summary>
    /// <param name="args">The arguments as the shell split them.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors and progress go.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        using Interruption interruption = new();
        return Run(args, output, error, interruption.Token, () => interruption.Code);
    }

    /// <summary>Runs one command that a token can end.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation, Func<int>? interruptedCode = null)
    {
        RootCommand root = CreateRoot();
        ParseResult result = root.Parse(args, Parsing);
        bool isAsked = result.Action is ProgramHelp || root.Directives.Any(directive => result.GetResult(directive) != null);
        if (!isAsked && Fault(result) is { } fault)
            return Fail(error, $"{fault}{(char.IsPunctuation(fault[^1]) && fault[^1] != '\'' ? "" : ".")} See '{NameOf(result)} --help'.");
        try
        {
            InvocationConfiguration invocation = new()
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return result.InvokeAsync(invocation, cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("clipcore: interrupted; nothing half-done was left under a final name.");
            return interruptedCode?.Invoke() ?? ExitCode.Interrupted;
        }
        catch (IOException exception) when ((exception.HResult & 0xFFFF) is NoSpace or DiskFull)
        {
            return Fail(error, $"{exception.Message}: free some space, then run the same command again.");
        }
        catch (Exception exception) when (IsOfUser(exception))
        {
            return Fail(error, exception.Message);
        }
        catch (OutOfMemoryException)
        {
            return Fail(error, "not enough memory: take fewer images at a time, a smaller model, or --weights f16.");
        }
        catch (Exception exception) when (Environment.GetEnvironmentVariable("CLIPCORE_DEBUG") is null or "")
        {
            error.WriteLine(
                $"clipcore: internal error, please report it: {exception.GetType().Name}: {OneLine(exception.Message)} (CLIPCORE_DEBUG=1 shows where.)");
            return ExitCode.Internal;
        }
    }

    // Without this, a text that begins with @ would be read as the name of a file with arguments.
    static ParserConfiguration Parsing => new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>The whole tree of commands.</summary>
    public static RootCommand CreateRoot()
    {
        RootCommand root = new(
            "CLIP in pure C#, and what it sees: which layers, heads and patches made an image's representation, and which texts they speak of.");
        // A shell that asks for completions gives the whole line, the program's name first. The root is called as the file that runs.
        if (root.Name != Name)
            root.Aliases.Add(Name);
        foreach (Func<Command> create in s_commands)
            root.Subcommands.Add(create());
        ProgramHelp help = new(root);
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = help;
        // Where paths begin with a slash, these would hide files of that name.
        option.Aliases.Remove("/h");
        option.Aliases.Remove("/?");
        root.SetAction(result => help.Invoke(result));
        return root;
    }

    /// <summary>What the library refuses is what the user gave it; what is wrong with a null or an index is ours.</summary>
    static bool IsOfUser(Exception exception) => exception is UserException or IOException or InvalidDataException or UnauthorizedAccessException
        or NonFiniteResultException
        || (exception is ArgumentException and not ArgumentNullException and not ArgumentOutOfRangeException)
        || exception is NotSupportedException and not PlatformNotSupportedException;

    static string? Fault(ParseResult result)
    {
        // Arguments that take any number of words would swallow a misspelt option.
        if (!result.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            foreach (Argument argument in result.CommandResult.Command.Arguments)
                foreach (Token token in result.GetResult(argument)?.Tokens ?? [])
                    if (token.Value.Length > 1 && token.Value[0] == '-' && (token.Value[1] == '-' || char.IsAsciiLetter(token.Value[1])))
                        return $"Unrecognized option '{token.Value}'.{Suggestion(result, token.Value)} Put -- before words that begin with a dash.";
        foreach (Option option in result.CommandResult.Command.Options)
            if (result.GetResult(option) is { } given && given.Tokens.Any(token => token.Value.Length == 0))
                return $"{option.Name} is empty: it takes {option.HelpName ?? "a value"}.";
        if (result.UnmatchedTokens.Count > 0)
            return $"Unrecognized command or argument '{result.UnmatchedTokens[0]}'.{Suggestion(result, result.UnmatchedTokens[0])}";
        return result.Errors.Count > 0 ? result.Errors[0].Message : null;
    }

    /// <summary>What the parser of the framework would suggest in place of a misspelt word; empty where it knows nothing near.</summary>
    static string Suggestion(ParseResult result, string word)
    {
        Command command = result.CommandResult.Command;
        Command known = new RootCommand();
        foreach (Command sub in command.Subcommands)
            known.Subcommands.Add(new Command(sub.Name));
        foreach (Option option in command.Options)
            if (!option.Hidden)
                known.Options.Add(new Option<string?>(option.Name));
        ParseResult again = known.Parse([word], Parsing);
        if (again.Action is not ParseErrorAction action)
            return "";
        action.ShowHelp = false;
        action.ShowTypoCorrections = true;
        using StringWriter text = new();
        again.Invoke(new InvocationConfiguration { Output = text, Error = TextWriter.Null });
        string[] lines = text.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 1 ? $" Did you mean {string.Join(" or ", lines.Skip(1).Take(3))}?" : "";
    }

    static string NameOf(ParseResult result)
    {
        List<string> names = [];
        for (SymbolResult? at = result.CommandResult; at is CommandResult command; at = at.Parent)
            names.Insert(0, command.Command is RootCommand ? Name : command.Command.Name);
        return string.Join(' ', names);
    }

    static int Fail(TextWriter error, string message)
    {
        error.WriteLine($"clipcore: {OneLine(OptionNames.In(message))}");
        return ExitCode.BadInput;
    }

    /// <summary>One line without control characters, and without the parameter's name that the framework appends.</summary>
    static string OneLine(string message)
    {
        int parameter = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        string plain = string.Concat((parameter > 0 ? message[..parameter] : message).Select(c => char.IsControl(c) ? ' ' : c));
        return string.Join(' ', plain.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
