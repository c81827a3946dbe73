using System.CommandLine;
using ClipCore.Cli.Data;
using ClipCore.DataSets;

namespace ClipCore.Cli.Options;

/// <summary>The pool of texts of a command: <c>--pool FILE</c>, or the built-in model's own.</summary>
sealed class PoolArguments
{
    readonly RenamedOption<string> _pool;

    /// <summary>Adds the option to a command.</summary>
    public PoolArguments(Command command) => _pool = new RenamedOption<string>(
        command, new Option<string?>("--pool")
        {
            Description = "The pool: one text a line, best with factors (factor<TAB>text), such as weights/pools/general.tsv.",
            HelpName = "FILE",
        }, "--texts");

    /// <summary>The path as the user gave it; null without.</summary>
    public string? Path(ParseResult result) => _pool.Read(result) is { } path ? Given.Path(_pool.Name, path) : null;

    /// <summary>Reads the pool.</summary>
    /// <param name="result">What the user typed.</param>
    /// <param name="isDemo">Whether the model is the built-in one, which brings a pool.</param>
    public TextPool Read(ParseResult result, bool isDemo) => Path(result) is { } path ? TextPool.Load(path)
        : isDemo ? DemoModel.Pool() : throw new UserException("no pool of texts was given: name one with --pool FILE, such as weights/pools/general.tsv.");
}
