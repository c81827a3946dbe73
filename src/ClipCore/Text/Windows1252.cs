namespace ClipCore.Text;

/// <summary>The code page that most mojibake went through: like Latin-1, but for 27 of the bytes from 0x80 to 0x9F.</summary>
static class Windows1252
{
    const string Upper = "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    public static char ToChar(byte value) => value is >= 0x80 and <= 0x9F ? Upper[value - 0x80] : (char)value;

    /// <summary>The byte of a character, also for the control characters of Latin-1; −1 where there is none.</summary>
    public static int ToByte(char character)
    {
        if (character < 0x100)
            return character;
        int at = Upper.IndexOf(character, StringComparison.Ordinal);
        return at < 0 ? -1 : 0x80 + at;
    }
}
