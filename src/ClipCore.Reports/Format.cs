using System.Globalization;

namespace ClipCore.Reports;

/// <summary>Numbers as people read them: three significant digits, a true minus. Safe for many threads.</summary>
public static class Format
{
    /// <summary>Three significant digits, at most six decimals.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double value) => Digits(value, "");

    /// <summary>Three significant digits with the sign always shown; a true minus.</summary>
    /// <param name="value">The number.</param>
    public static string Signed(double value)
    {
        string digits = Digits(value, "+");
        return digits.StartsWith('-') ? "−" + digits[1..] : digits;
    }

    /// <summary>Three decimals with the sign always shown: for tables whose cells are narrow.</summary>
    /// <param name="value">The number.</param>
    internal static string Cell(double value) => (value < 0 ? "−" : "+") + Math.Abs(value).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A probability with two decimals, or four where it would read as 0 or 1.</summary>
    /// <param name="value">From 0 to 1.</param>
    public static string Probability(double value) => value switch
    {
        < 0.00005 => "0.0000",
        < 0.005 or > 0.995 => value.ToString("0.0000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>A share as points of a hundred, without the sign of percent.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="decimals">Digits after the point.</param>
    public static string Points(double share, int decimals = 1) =>
        (share * 100).ToString(FormattableString.Invariant($"F{decimals}"), CultureInfo.InvariantCulture);

    /// <summary>An error bound, such as <c>2.4e-07</c>.</summary>
    /// <param name="value">The bound.</param>
    public static string Error(double value) => value.ToString("0.0e+00", CultureInfo.InvariantCulture);

    /// <summary>A count with thousands set off.</summary>
    /// <param name="value">The count.</param>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number for style sheets and drawings.</summary>
    /// <param name="value">The number.</param>
    internal static string Css(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    static string Digits(double value, string plus)
    {
        double size = Math.Abs(value);
        string pattern = size switch
        {
            >= 100 => "0",
            >= 10 => "0.0",
            >= 1 => "0.00",
            >= 0.1 => "0.000",
            >= 0.01 => "0.0000",
            >= 0.001 => "0.00000",
            _ => "0.000000",
        };
        string digits = value.ToString(pattern, CultureInfo.InvariantCulture);
        return value >= 0 ? plus + digits : digits;
    }
}
