namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore heads</c>.</summary>
sealed record HeadsResults(
    int Images, string Pool, string PoolSha256, string[] Classes, string[] Templates, string? ClassesFrom, Dictionary<string, AtlasHead> Heads,
    SkippedInput[] Skipped);
