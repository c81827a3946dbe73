using System.Globalization;

namespace ClipCore.Reports.Reproduction;

/// <summary>A number of a paper, measured beside expected.</summary>
/// <param name="Table">The table or figure that it belongs to.</param>
/// <param name="What">What it is.</param>
/// <param name="Measured">What was measured: a share from 0 to 1, or a count.</param>
/// <param name="Expected">What was expected, in the same unit; null where nothing is known.</param>
/// <param name="Source">Who expects it; empty where nothing is known.</param>
/// <param name="IsCount">Whether it is a count and not a share.</param>
public sealed record ReproducedNumber(string Table, string What, double Measured, double? Expected, string Source, bool IsCount = false)
{
    /// <summary>The measured number as people read it: shares in percent with two decimals.</summary>
    public string MeasuredInWords => InWords(Measured);

    /// <summary>The expected number as people read it; a dash where none is known.</summary>
    public string ExpectedInWords => Expected is { } expected ? InWords(expected) : "–";

    string InWords(double value) => IsCount ? value.ToString("0", CultureInfo.InvariantCulture) : Format.Points(value, 2);
}
