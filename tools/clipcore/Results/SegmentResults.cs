namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore segment</c>; the scores are of the decomposition, and of other methods as baselines.</summary>
sealed record SegmentResults(
    int Images, int ImagesWithMasks, string[] Classes, string[] Templates, string? ClassesFrom, string Protocol, MaskShares? Truth,
    double? PixelAccuracy, double? MeanIoU, double? MeanAP, Dictionary<string, SegmentScores> Baselines, SegmentedPicture[] PerImage,
    SkippedInput[] Skipped);
