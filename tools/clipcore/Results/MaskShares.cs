namespace ClipCore.Cli.Results;

/// <summary>What the true masks hold, as shares of their pixels.</summary>
sealed record MaskShares(double Foreground, double Background, double Ignored);
