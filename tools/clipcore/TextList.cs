using System.Text;
using System.Text.Json;

namespace ClipCore.Cli;

/// <summary>Text files with one entry a line.</summary>
static class TextList
{
    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the lines of a file that are not blank.</summary>
    public static string[] Load(string path) => Parse(path, File.ReadAllBytes(path));

    /// <summary>The lines that are not blank.</summary>
    public static string[] Parse(string path, byte[] bytes)
    {
        string text;
        try
        {
            text = s_utf8.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new UserException($"{path} is not UTF-8 text: save it as UTF-8, one entry a line.");
        }
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 0 ? lines : throw new UserException($"{path} is empty: write one entry a line.");
    }
}
