namespace ClipCore.Cli.Results;

/// <summary>An input that could not be read.</summary>
sealed record SkippedInput(string Name, string Reason);
