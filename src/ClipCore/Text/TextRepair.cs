using System.Text;

namespace ClipCore.Text;

/// <summary>
/// The repairs that CLIP's reference tokenizer applies to a text before anything else (those of ftfy's <c>fix_text</c>): mojibake, control
/// characters, ligatures, widths, quotes, line breaks, composition. Conservative: what does not look broken is left alone.
/// </summary>
static class TextRepair
{
    // Each round undoes one layer of damage; texts settle after two or three.
    const int MostRounds = 8;

    const string EscapeStart = "\u001b[";

    // From the ampersand to the semicolon.
    const int LongestReference = 27;

    public static string Repair(string text)
    {
        if (IsPlain(text))
            return text;
        string composed = "";
        for (int round = 0; round < MostRounds; round++)
        {
            string before = text;
            text = UnescapeReferences(text);
            text = RemoveTerminalEscapes(text);
            text = UndoMojibake(Mojibake.Undo(text));
            text = ReplaceCharacters(text);
            if (text != composed)
                text = composed = UnicodeTables.Instance.Compose(text);
            if (text == before)
                break;
        }
        return text;
    }

    /// <summary>Printable ASCII without an ampersand needs no look.</summary>
    static bool IsPlain(string text)
    {
        foreach (char c in text)
            if (c is < ' ' or > '~' or '&')
                return false;
        return true;
    }

    /// <summary>References with a semicolon, unless the text may be HTML.</summary>
    static string UnescapeReferences(string text)
    {
        if (text.Contains('<', StringComparison.Ordinal) || !text.Contains('&', StringComparison.Ordinal) || !text.Contains(';', StringComparison.Ordinal))
            return text;
        StringBuilder result = new(text.Length);
        int copied = 0;
        for (int at = text.IndexOf('&', StringComparison.Ordinal); at >= 0; at = at < text.Length ? text.IndexOf('&', at) : -1)
        {
            int end = text.IndexOf(';', at, Math.Min(LongestReference, text.Length - at));
            if (end > at + 1 && HtmlReferences.TryResolveStrict(text[(at + 1)..(end + 1)], out string value))
            {
                result.Append(text, copied, at - copied).Append(value);
                at = copied = end + 1;
            }
            else
            {
                at++;
            }
        }
        return result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Colours and the like: ESC [ numbers letter.</summary>
    static string RemoveTerminalEscapes(string text)
    {
        int escape = text.IndexOf(EscapeStart, StringComparison.Ordinal);
        if (escape < 0)
            return text;
        StringBuilder result = new(text.Length);
        int copied = 0;
        while (escape >= 0)
        {
            int end = escape + EscapeStart.Length;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == ';'))
                end++;
            if (end < text.Length && char.IsAsciiLetter(text[end]))
            {
                result.Append(text, copied, escape - copied);
                copied = end + 1;
            }
            escape = text.IndexOf(EscapeStart, end, StringComparison.Ordinal);
        }
        return result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>
    /// In lines that are not damaged as a whole: UTF-8 that was read as Windows-1252, in the sequences that begin with Â, Ã or â followed by
    /// what only damage puts there.
    /// </summary>
    static string UndoMojibake(string text)
    {
        StringBuilder? result = null;
        int copied = 0;
        for (int at = 0; at + 1 < text.Length; at++)
        {
            int length = text[at] switch
            {
                '\u00C2' or '\u00C3' => 2,
                '\u00E2' => 3,
                _ => 0,
            };
            if (length == 0 || at + length > text.Length || Decode(text.AsSpan(at, length)) is not { } decoded)
                continue;
            result ??= new StringBuilder(text.Length);
            result.Append(text, copied, at - copied).Append(decoded);
            at += length - 1;
            copied = at + 1;
        }
        return result == null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    static string? Decode(ReadOnlySpan<char> sequence)
    {
        Span<byte> bytes = stackalloc byte[sequence.Length];
        for (int i = 0; i < sequence.Length; i++)
        {
            int value = Windows1252.ToByte(sequence[i]);
            if (value < 0 || (i > 0 && value is < 0x80 or > 0xBF))
                return null;
            bytes[i] = (byte)value;
        }
        return Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == System.Buffers.OperationStatus.Done && used == bytes.Length
            ? rune.ToString()
            : null;
    }

    static string ReplaceCharacters(string text)
    {
        StringBuilder result = new(text.Length);
        IReadOnlyDictionary<char, string> widths = UnicodeTables.Instance.Widths;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsSurrogate(c))
            {
                bool isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                if (isPair)
                    result.Append(c).Append(text[++i]);
                else
                    result.Append('\uFFFD');
                continue;
            }
            if (c is >= '\u0080' and <= '\u009F')
                c = Windows1252.ToChar((byte)c);
            switch (c)
            {
                case '\r':
                    if (i + 1 < text.Length && text[i + 1] == '\n')
                        i++;
                    result.Append('\n');
                    break;
                case '\u2028' or '\u2029':
                    result.Append('\n');
                    break;
                case '\u02BC' or (>= '\u2018' and <= '\u201B'):
                    result.Append('\'');
                    break;
                case >= '\u201C' and <= '\u201F':
                    result.Append('"');
                    break;
                case (<= '\u0008') or '\u000B' or (>= '\u000E' and <= '\u001A') or (>= '\u001C' and <= '\u001F') or '\u001B' or '\u007F'
                    or (>= '\u206A' and <= '\u206F') or '\uFEFF' or (>= '\uFFF9' and <= '\uFFFC'):
                    break;
                default:
                    if (Ligature(c) is { } letters)
                        result.Append(letters);
                    else if (c >= '\u3000' && widths.TryGetValue(c, out string? normal))
                        result.Append(normal);
                    else
                        result.Append(c);
                    break;
            }
        }
        return result.ToString();
    }

    static string? Ligature(char c) => c switch
    {
        '\u0132' => "IJ",
        '\u0133' => "ij",
        '\u0149' => "\u02BCn",
        '\u01C4' => "D\u017D",
        '\u01C5' => "D\u017E",
        '\u01C6' => "d\u017E",
        '\u01C7' => "LJ",
        '\u01C8' => "Lj",
        '\u01C9' => "lj",
        '\u01CA' => "NJ",
        '\u01CB' => "Nj",
        '\u01CC' => "nj",
        '\u01F1' => "DZ",
        '\u01F2' => "Dz",
        '\u01F3' => "dz",
        '\uFB00' => "ff",
        '\uFB01' => "fi",
        '\uFB02' => "fl",
        '\uFB03' => "ffi",
        '\uFB04' => "ffl",
        '\uFB05' => "\u017Ft",
        '\uFB06' => "st",
        _ => null,
    };
}
