using System.Globalization;

namespace ClipCore.DataSets;

/// <summary>A colour of a mask.</summary>
/// <param name="Red">Between 0 and 255.</param>
/// <param name="Green">Between 0 and 255.</param>
/// <param name="Blue">Between 0 and 255.</param>
public readonly record struct MaskColor(byte Red, byte Green, byte Blue)
{
    /// <summary>Reads six hexadecimal digits, with <c>#</c> before them or without.</summary>
    /// <exception cref="FormatException">They are not.</exception>
    public static MaskColor Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string digits = text.Trim().TrimStart('#');
        return digits.Length == 6 && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb)
            ? new MaskColor((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : throw new FormatException($"'{text}' is no colour: write six hexadecimal digits, such as 0000ff for blue.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";
}
