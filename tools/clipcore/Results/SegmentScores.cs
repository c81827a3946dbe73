namespace ClipCore.Cli.Results;

/// <summary>How masks fit their truth.</summary>
sealed record SegmentScores(double PixelAccuracy, double MeanIoU, double MeanAP);
