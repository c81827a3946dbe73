namespace ClipCore.Cli.Results;

/// <summary>A published number beside the measured one.</summary>
sealed record PublishedResults(string What, string Source, bool Agrees, double[] Published, double[] Measured);
