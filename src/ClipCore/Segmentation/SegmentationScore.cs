namespace ClipCore.Segmentation;

/// <summary>How a method's masks fit the truth over a set, shares between 0 and 1.</summary>
/// <param name="Counts">Pixels of all pictures together: they give the pixel accuracy and the mean intersection over union.</param>
/// <param name="MeanAveragePrecision">Mean of the pictures' average precisions.</param>
public sealed record SegmentationScore(PixelCounts Counts, double MeanAveragePrecision);
