namespace ClipCore.Cli.Results;

/// <summary>Two texts of a pool that say the same, or nearly.</summary>
sealed record TextPair(int FirstLine, int SecondLine, string First, string Second, double Similarity);
