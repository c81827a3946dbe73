namespace ClipCore.Cli.Results;

/// <summary>The picture, and which part of it the model saw, in the picture's own pixels.</summary>
sealed record ExplainedImage(string Path, int Width, int Height, double SeenX, double SeenY, double SeenWidth, double SeenHeight);
