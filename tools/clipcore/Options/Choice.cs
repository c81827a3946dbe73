using System.CommandLine;

namespace ClipCore.Cli.Options;

/// <summary>Options that take one of a few words.</summary>
static class Choice
{
    /// <summary>Makes such an option: completion and help show the words, anything else is refused with them; old words still work.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="words">The words of today.</param>
    /// <param name="oldWords">Words of yesterday.</param>
    public static Option<string?> Of(string name, string description, string[] words, params string[] oldWords)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', words) };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            foreach (System.CommandLine.Parsing.Token token in result.Tokens)
                if (!words.Contains(token.Value, StringComparer.Ordinal) && !oldWords.Contains(token.Value, StringComparer.Ordinal))
                    result.AddError($"{name} {token.Value} is not known: it may be {string.Join(", ", words)}.");
        });
        return option;
    }
}
