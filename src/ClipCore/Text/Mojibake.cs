using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace ClipCore.Text;

/// <summary>
/// UTF-8 that was read in another code page. A line is read again as UTF-8 when it can be, and is less strange afterwards: symbols within
/// words, capitals after small letters, letters of two scripts side by side, control characters. In pages whose signs stand beside
/// each other in sound texts too, sequences must be among those that sound texts do not have.
/// </summary>
static class Mojibake
{
    // Damage was done twice or three times to some texts, hardly ever more often.
    const int MostLayers = 5;

    /// <summary>In the order in which they are tried.</summary>
    static readonly CodePage[] s_pages =
        [CodePage.Latin1, CodePage.Windows1252, CodePage.Windows1251, CodePage.Windows1250, CodePage.MacRoman, CodePage.Dos437];

    enum Kind
    {
        AsciiLetter,
        Ascii,
        Upper,
        Letter,
        Symbol,
        Punctuation,
        Box,
        Space,
        Control,
        Other,
    }

    /// <summary>Undoes the damage, line by line.</summary>
    public static string Undo(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        return text.Contains('\n', StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Select(UndoLine)) : UndoLine(text);
    }

    static string UndoLine(string line)
    {
        for (int layer = 0; layer < MostLayers && Reread(line) is { } reread; layer++)
            line = reread;
        return line;
    }

    static string? Reread(string line)
    {
        if (Ascii.IsValid(line))
            return null;
        int strangeness = -1;
        foreach (CodePage page in s_pages)
        {
            if (page.TryEncode(line) is not { } bytes || !Utf8.IsValid(bytes) || !HasSureSign(page, line, bytes))
                continue;
            string reread = Encoding.UTF8.GetString(bytes);
            strangeness = strangeness < 0 ? Strangeness(line) : strangeness;
            if (Strangeness(reread) < strangeness)
                return reread;
        }
        return null;
    }

    /// <summary>Whether one of the sequences is none that a sound text may have; one is enough, since the rest of the line fits as well.</summary>
    static bool HasSureSign(CodePage page, string line, byte[] bytes)
    {
        if (page != CodePage.Windows1251 && page != CodePage.MacRoman && page != CodePage.Dos437)
            return true;
        for (int at = 0; at < bytes.Length;)
        {
            int length = bytes[at] switch
            {
                < 0x80 => 1,
                < 0xE0 => 2,
                < 0xF0 => 3,
                _ => 4,
            };
            if (length > 1 && IsSureSign(page, line.AsSpan(at, length)))
                return true;
            at += length;
        }
        return false;
    }

    static bool IsSureSign(CodePage page, ReadOnlySpan<char> sequence)
    {
        // Cyrillic read as Cyrillic begins with the letters Er and Es; other pairs of a capital and a sign may be initials or a quotation.
        if (page == CodePage.Windows1251)
            return sequence[0] is '\u0420' or '\u0421' || sequence.StartsWith("\u0432\u0402") || (sequence.Length > 2 && sequence[0] != '\u0432');
        // The root before accented Latin letters, the low quotation mark before punctuation, the y with two dots before Arabic.
        if (page == CodePage.MacRoman)
            return sequence[0] is '\u221A' or '\u201A' or '\u00FF' or '\u0178';
        // Frames are drawn with box characters alone; a Gamma stands in formulas.
        return sequence.Length > 2 ? sequence[0] != '\u0393' : !(IsBox(sequence[0]) && IsBox(sequence[1]));
    }

    /// <summary>How often a text does what texts do not.</summary>
    static int Strangeness(string text)
    {
        int strangeness = 0;
        Rune previous = new(' ');
        Kind before = Kind.Ascii;
        foreach (Rune rune in text.EnumerateRunes())
        {
            Kind kind = KindOf(rune);
            if (kind == Kind.Control)
                strangeness += 2;
            if (!(previous.IsAscii && rune.IsAscii) && IsStrangePair(previous, before, rune, kind))
                strangeness++;
            (previous, before) = (rune, kind);
        }
        return strangeness;
    }

    static bool IsStrangePair(Rune first, Kind left, Rune second, Kind right) => (left, right) switch
    {
        (Kind.Symbol, Kind.Space) => true,
        (Kind.Symbol or Kind.Punctuation or Kind.Box or Kind.Space, Kind.Symbol or Kind.Punctuation or Kind.Box or Kind.Control) => true,
        (Kind.Upper or Kind.Letter or Kind.AsciiLetter, Kind.Symbol or Kind.Box or Kind.Control) => true,
        (Kind.Symbol or Kind.Box or Kind.Control, Kind.Upper or Kind.Letter) => true,
        (Kind.Symbol or Kind.Box, Kind.AsciiLetter) => true,
        (Kind.Punctuation, Kind.Upper) => true,
        (Kind.Upper or Kind.Letter, Kind.Punctuation) => true,
        (Kind.Letter or Kind.AsciiLetter, Kind.Upper) when Rune.GetUnicodeCategory(first) == UnicodeCategory.LowercaseLetter => true,
        (Kind.Upper or Kind.Letter or Kind.AsciiLetter, Kind.Upper or Kind.Letter or Kind.AsciiLetter) => Script(first) != Script(second),
        _ => false,
    };

    static Kind KindOf(Rune rune)
    {
        if (rune.IsAscii)
            return Rune.IsLetter(rune) ? Kind.AsciiLetter : Kind.Ascii;
        if (rune.Value < 0xA0)
            return Kind.Control;
        if (IsBox(rune.Value))
            return Kind.Box;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Kind.Upper,
            UnicodeCategory.LowercaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol
                or UnicodeCategory.OtherNumber => Kind.Symbol,
            UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
                or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
                or UnicodeCategory.OtherPunctuation => Kind.Punctuation,
            UnicodeCategory.SpaceSeparator => Kind.Space,
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => Kind.Control,
            _ => Kind.Other,
        };
    }

    static bool IsBox(int character) => character is >= 0x2500 and < 0x25A0;

    /// <summary>Scripts that are not written within one word; those of East Asia are.</summary>
    static int Script(Rune rune) => rune.Value switch
    {
        < 0x250 or (>= 0x1E00 and < 0x1F00) => 0,
        (>= 0x370 and < 0x400) or (>= 0x1F00 and < 0x2000) => 1,
        >= 0x400 and < 0x530 => 2,
        >= 0x590 and < 0x600 => 3,
        >= 0x600 and < 0x780 => 4,
        _ => 5,
    };
}
