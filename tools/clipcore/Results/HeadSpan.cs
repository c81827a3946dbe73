namespace ClipCore.Cli.Results;

/// <summary>The texts of a head in the order of their choice, and the share of variance that the texts so far explain.</summary>
sealed record HeadSpan(int Rank, int[] Indices, string[] Texts, double[] ExplainedVariance, double[] ExplainedOfSpan);
