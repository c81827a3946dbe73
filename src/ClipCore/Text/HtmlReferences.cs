using System.Globalization;
using System.Text;

namespace ClipCore.Text;

/// <summary>
/// Character references of HTML 5 (<c>&amp;amp;</c>, <c>&amp;#233;</c>), resolved with the rules for damaged ones that browsers and Python
/// follow.
/// </summary>
static class HtmlReferences
{
    const int LongestName = 32;

    /// <summary>Resolves every reference once, from left to right; also those without a semicolon that HTML allows.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('&', StringComparison.Ordinal))
            return text;
        StringBuilder result = new(text.Length);
        int copied = 0;
        for (int at = text.IndexOf('&', StringComparison.Ordinal); at >= 0; at = at < text.Length ? text.IndexOf('&', at) : -1)
        {
            int length = ReferenceLength(text, at + 1);
            if (length > 0)
            {
                result.Append(text, copied, at - copied).Append(Resolve(text.Substring(at + 1, length)));
                copied = at + 1 + length;
            }
            at += 1 + length;
        }
        return result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Whether there is a reference with a semicolon that stands for something, and which: the stricter rule of text repair.</summary>
    public static bool TryResolveStrict(string body, out string value)
    {
        if (UnicodeTables.Instance.Entities.TryGetValue(body, out string? named))
        {
            value = named;
            return true;
        }
        value = "";
        if (!body.StartsWith('#') || ReferenceLength(body, 0) != body.Length)
            return false;
        value = Resolve(body);
        return !value.Contains(';', StringComparison.Ordinal);
    }

    /// <summary>Characters after the ampersand that belong to a reference, or may; 0 where there is none.</summary>
    static int ReferenceLength(string text, int start)
    {
        int at = start;
        if (at < text.Length && text[at] == '#')
        {
            at++;
            bool isHex = at < text.Length && text[at] is 'x' or 'X' && at + 1 < text.Length && char.IsAsciiHexDigit(text[at + 1]);
            int digits = isHex ? at + 1 : at;
            at = digits;
            while (at < text.Length && (isHex ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at])))
                at++;
            if (at > digits)
                return at + (at < text.Length && text[at] == ';' ? 1 : 0) - start;
            return 0;
        }
        while (at < text.Length && at - start < LongestName && text[at] is not ('\t' or '\n' or '\f' or ' ' or '<' or '&' or '#' or ';'))
            at++;
        if (at == start)
            return 0;
        return at + (at < text.Length && text[at] == ';' ? 1 : 0) - start;
    }

    static string Resolve(string body)
    {
        if (body[0] == '#')
            return Numeric(body.TrimEnd(';'));
        IReadOnlyDictionary<string, string> entities = UnicodeTables.Instance.Entities;
        if (entities.TryGetValue(body, out string? value))
            return value;
        for (int length = body.Length - 1; length > 1; length--)
            if (entities.TryGetValue(body[..length], out value))
                return value + body[length..];
        return "&" + body;
    }

    static string Numeric(string body)
    {
        bool isHex = body[1] is 'x' or 'X';
        string digits = body[(isHex ? 2 : 1)..].TrimStart('0');
        // Seven digits hold every code point in either base; longer numbers lie past the last one.
        int point = digits.Length == 0 ? 0
            : digits.Length > 7 ? int.MaxValue
            : int.Parse(digits, isHex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture);
        return point switch
        {
            0 or (>= 0xD800 and <= 0xDFFF) or > 0x10FFFF => "\uFFFD",
            0x0D => "\r",
            >= 0x80 and <= 0x9F => Windows1252.ToChar((byte)point).ToString(),
            (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
            _ when (point & 0xFFFE) == 0xFFFE => "",
            _ => new Rune(point).ToString(),
        };
    }
}
