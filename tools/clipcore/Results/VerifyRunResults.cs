namespace ClipCore.Cli.Results;

/// <summary>One way to compute, and how it compared.</summary>
sealed record VerifyRunResults(int RegisterBits, bool Hardware, int Threads, int Batch, bool Equal, string? FirstDifference);
