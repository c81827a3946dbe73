namespace ClipCore.Segmentation;

/// <summary>A mask from a heatmap, and how it fits the truth.</summary>
/// <param name="Counts">Counts of pixels.</param>
/// <param name="AveragePrecision">Average precision over both classes.</param>
public sealed record MaskScore(PixelCounts Counts, double AveragePrecision);
