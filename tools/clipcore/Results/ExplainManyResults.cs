namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore explain</c> for several pictures.</summary>
sealed record ExplainManyResults(ExplainResults[] Images, string[] Written, SkippedInput[] Skipped);
