using System.Text;

namespace ClipCore.DataSets;

/// <summary>Text files with one entry a line.</summary>
public static class TextLines
{
    static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the lines of a file that are not blank, without white space around them.</summary>
    /// <exception cref="DataSetException">It is empty or no UTF-8 text.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static IReadOnlyList<string> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(path, File.ReadAllBytes(path));
    }

    /// <inheritdoc cref="Load"/>
    /// <param name="name">Where the bytes came from, for messages.</param>
    /// <param name="bytes">The file's bytes; a byte-order mark is passed over.</param>
    public static IReadOnlyList<string> Parse(string name, ReadOnlySpan<byte> bytes)
    {
        string[] lines = Decode(name, bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 0 ? lines : throw new DataSetException($"{name} is empty: write one entry a line.");
    }

    /// <summary>The text of a file's bytes, without a byte-order mark.</summary>
    /// <param name="name">Where the bytes came from, for messages.</param>
    /// <param name="bytes">UTF-8.</param>
    /// <exception cref="DataSetException">They are no UTF-8.</exception>
    public static string Decode(string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            string text = s_utf8.GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException exception)
        {
            throw new DataSetException($"{name} is not UTF-8 text: save it as UTF-8.", exception);
        }
    }
}
