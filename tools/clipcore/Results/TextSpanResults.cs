namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore textspan</c>: all heads of a model, or one head's outputs given as an array.</summary>
sealed record TextSpanResults(
    string? Pool, string? PoolSha256, string[] Classes, string[] Templates, string? ClassesFrom, string Protocol, int? LastLayers, int MaxRank,
    double? Baseline, double? Accuracy, SpanAccuracy[] Accuracies, string? CommonWords, int? CommonWordCount, int[] Seeds,
    Dictionary<string, HeadSpan>? Heads, int[]? Indices, double[]? ExplainedVariance, double[]? ExplainedOfSpan, int? Rank, string[] Written,
    SkippedInput[] Skipped);
