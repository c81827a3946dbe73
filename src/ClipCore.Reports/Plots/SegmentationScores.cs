namespace ClipCore.Reports.Plots;

/// <summary>How well the masks of a method fit the truth; all from 0 to 1.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="PixelAccuracy">Share of pixels that are right.</param>
/// <param name="MeanIoU">Mean intersection over union of foreground and background.</param>
/// <param name="MeanAP">Mean average precision over the pictures.</param>
public sealed record SegmentationScores(string Method, double PixelAccuracy, double MeanIoU, double MeanAP);
