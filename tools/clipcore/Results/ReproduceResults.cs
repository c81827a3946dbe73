namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore reproduce</c>.</summary>
sealed record ReproduceResults(ReproducedRow[] Rows, string[] Written, SkippedInput[] Skipped);
