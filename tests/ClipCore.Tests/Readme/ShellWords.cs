using System.Text;

namespace ClipCore.Tests.Readme;

/// <summary>Splits lines as a shell does.</summary>
static class ShellWords
{
    /// <summary>Splits a line: words, and quoted words, up to a comment.</summary>
    public static string[] Split(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        char quote = '\0';
        bool hasWord = false;
        foreach (char c in line)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
                hasWord = true;
            }
            else if (c == ' ' && quote == '\0')
            {
                if (hasWord)
                    words.Add(word.ToString());
                word.Clear();
                hasWord = false;
            }
            else if (c == '#' && quote == '\0' && !hasWord)
            {
                break;
            }
            else
            {
                word.Append(c);
                hasWord = true;
            }
        }
        if (hasWord)
            words.Add(word.ToString());
        return [.. words];
    }
}
