namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore spurious</c>.</summary>
sealed record SpuriousResults(
    int Images, string[] Classes, string[] Templates, string? ClassesFrom, string Protocol, string Split, string ChosenBy, string[] Heads,
    string[] AlsoReplaced, GroupResults Baseline, GroupResults Replaced, RandomHeadsResults[] Random, SkippedInput[] Skipped);
