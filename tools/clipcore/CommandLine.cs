using System.CommandLine;
using System.Reflection;
using ClipCore.Cli.Commands;

namespace ClipCore.Cli;

/// <summary>The commands, and what happens when one fails: users' errors are one line and exit code 2.</summary>
static class CommandLine
{
    /// <summary>Exit code of everything that a user can mend.</summary>
    public const int UserError = 2;

    public static string Version => Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static int Run(string[] args)
    {
        ParseResult result = Root().Parse(args);
        if (result.Errors.Count > 0)
            return Fail(result.Errors[0].Message + $" ('{CommandPath(result)} --help' lists what there is.)");
        try
        {
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (IsUserError(exception))
        {
            return Fail(exception.Message);
        }
    }

    static RootCommand Root() => new("CLIP in pure C#, and what it sees: explain, encode, classify and decompose images.")
    {
        ExplainCommand.Create(),
        ClassifyCommand.Create(),
        DecomposeCommand.Create(),
        EncodeCommand.Create(),
        PreprocessCommand.Create(),
        TokenizeCommand.Create(),
        InfoCommand.Create(),
    };

    /// <summary>Errors that name a file or an argument and say what to do; everything else is a fault of the program and shows where.</summary>
    static bool IsUserError(Exception exception) => exception
        is UserException or IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException
        or InvalidOperationException or NotSupportedException or OperationCanceledException;

    static int Fail(string message)
    {
        Console.Error.WriteLine("clipcore: " + message.ReplaceLineEndings(" "));
        return UserError;
    }

    static string CommandPath(ParseResult result)
    {
        string name = result.CommandResult.Command.Name;
        return result.CommandResult.Command is RootCommand ? "clipcore" : "clipcore " + name;
    }
}

/// <summary>An error that the user can mend: its message is all that is shown.</summary>
sealed class UserException(string message) : Exception(message);
