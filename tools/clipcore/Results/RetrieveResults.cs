namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore retrieve</c>.</summary>
sealed record RetrieveResults(
    int ImageCount, string Query, RetrieveQuery[] Queries, FoundImageResult[] Images, Dictionary<string, RecallResults> Recall,
    SkippedInput[] Skipped);
