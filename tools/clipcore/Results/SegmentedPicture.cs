namespace ClipCore.Cli.Results;

/// <summary>One picture's mask, and how it fits the truth where that is known.</summary>
sealed record SegmentedPicture(
    string Image, string Class, double Foreground, long? PixelCorrect, long? PixelLabeled, double? PixelAccuracy, double? MeanIoU, double? MeanAP,
    string? Mask);
