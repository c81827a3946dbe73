namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore reproduce</c>.</summary>
sealed record ReproduceResults(ReproducedNumber[] Rows, string[] Written, SkippedInput[] Skipped);
