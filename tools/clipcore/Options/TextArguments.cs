using System.CommandLine;
using ClipCore.DataSets;

namespace ClipCore.Cli.Options;

/// <summary>The texts of a command: <c>--text</c>, as often as wanted, and <c>--texts FILE</c>, one a line.</summary>
sealed class TextArguments
{
    readonly Option<string[]> _text = new("--text")
    {
        Description = "A text; give the option once for each.",
        HelpName = "TEXT",
        Arity = ArgumentArity.OneOrMore,
    };

    readonly Option<string?> _file = new("--texts") { Description = "A file of texts, one a line.", HelpName = "FILE" };

    /// <summary>Adds the options to a command.</summary>
    public TextArguments(Command command)
    {
        command.Options.Add(_text);
        command.Options.Add(_file);
    }

    /// <summary>All texts that were given, in order.</summary>
    public string[] Read(ParseResult result)
    {
        string[] texts = result.GetValue(_text) ?? [];
        foreach (string text in texts)
            if (string.IsNullOrWhiteSpace(text))
                throw new UserException("--text is empty: write what the image may show.");
        return result.GetValue(_file) is { } path ? [.. texts, .. TextLines.Load(Given.Path("--texts", path))] : texts;
    }
}
