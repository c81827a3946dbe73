namespace ClipCore.Cli.Results;

/// <summary>A text of a head, and the images at its ends.</summary>
sealed record AtlasText(string Text, double ExplainedVariance, double ExplainedOfSpan, string[] Top, string[] Bottom);
