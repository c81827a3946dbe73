namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore merge</c>.</summary>
sealed record MergeResults(string Store, string[] Shards, int Images);
