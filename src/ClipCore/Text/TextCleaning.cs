using System.Globalization;
using System.Text;

namespace ClipCore.Text;

/// <summary>What happens to a text before it is cut into tokens: repair, HTML references twice, white space, lower case.</summary>
static class TextCleaning
{
    public static string Clean(string text)
    {
        text = TextRepair.Repair(text);
        text = HtmlReferences.Unescape(HtmlReferences.Unescape(text));
        return ToLower(CollapseWhiteSpace(text));
    }

    /// <summary>White space as Python's str.isspace sees it: Unicode's and the four separators below it.</summary>
    public static bool IsWhiteSpace(char c) => c is (>= '\t' and <= '\r') or (>= '\u001C' and <= ' ') or '\u0085' or '\u00A0' or '\u1680'
        or (>= '\u2000' and <= '\u200A') or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000';

    static string CollapseWhiteSpace(string text)
    {
        StringBuilder result = new(text.Length);
        bool isPending = false;
        foreach (char c in text)
        {
            if (IsWhiteSpace(c))
            {
                isPending = result.Length > 0;
                continue;
            }
            if (isPending)
                result.Append(' ');
            isPending = false;
            result.Append(c);
        }
        return result.ToString();
    }

    /// <summary>Lower case as Python's str.lower: simple mappings, the dotted capital I, and the final sigma.</summary>
    static string ToLower(string text)
    {
        StringBuilder result = new(text.Length);
        Span<char> units = stackalloc char[2];
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == 0x130)
                result.Append("i\u0307");
            else if (rune.Value == 0x3A3)
                result.Append(IsFinalSigma(text, at) ? '\u03C2' : '\u03C3');
            else
                result.Append(units[..Rune.ToLowerInvariant(rune).EncodeToUtf16(units)]);
            at += rune.Utf16SequenceLength;
        }
        return result.ToString();
    }

    /// <summary>A sigma that ends a word: a cased letter before it and none after, marks and the like passed over.</summary>
    static bool IsFinalSigma(string text, int at)
    {
        int before = at - 1, after = at + 1;
        while (before >= 0 && IsCaseIgnorable(text, before))
            before--;
        while (after < text.Length && IsCaseIgnorable(text, after))
            after++;
        return before >= 0 && IsCased(text, before) && !(after < text.Length && IsCased(text, after));
    }

    static bool IsCaseIgnorable(string text, int at) => text[at] is '\'' or '.' or ':' or '\u00B7' or '\u2018' or '\u2019' or '\u2024' or '\u2027'
        || CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    static bool IsCased(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
}
