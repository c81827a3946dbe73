using System.Globalization;

namespace ClipCore.Cli.Report;

/// <summary>Shares as percent, for people.</summary>
static class Shares
{
    /// <summary>Two decimals.</summary>
    public static string Two(double? share) => share is { } value ? (100 * value).ToString("0.00", CultureInfo.InvariantCulture) : "-";

    /// <summary>One decimal.</summary>
    public static string One(double? share) => share is { } value ? (100 * value).ToString("0.0", CultureInfo.InvariantCulture) : "-";
}
