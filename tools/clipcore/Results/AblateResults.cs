namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore ablate</c>: accuracies, between 0 and 1.</summary>
sealed record AblateResults(
    int Images, string[] Classes, string[] Templates, string? ClassesFrom, string Protocol, double Baseline, double Mlps, double? ClsAttention,
    double? MlpsAndClsAttention, double[] Cumulative, string[] Components, double? ComponentsAblated, SkippedInput[] Skipped);
