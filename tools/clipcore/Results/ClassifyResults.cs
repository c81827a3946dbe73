namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore classify</c>.</summary>
sealed record ClassifyResults(
    float LogitScale, float LogitBias, string[] Classes, string[] Templates, string? ClassesFrom, ClassifiedImage[] Images, string[] Written,
    SkippedInput[] Skipped);
