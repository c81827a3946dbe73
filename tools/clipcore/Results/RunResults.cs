namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore run</c>.</summary>
sealed record RunResults(string Store, int Images, int Shard, int Shards, SkippedInput[] Skipped, double Seconds, long PeakMemoryBytes);
