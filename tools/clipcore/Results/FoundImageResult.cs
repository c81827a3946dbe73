namespace ClipCore.Cli.Results;

/// <summary>An image that was found.</summary>
sealed record FoundImageResult(int Index, string Image, double Score, double[] Terms);
