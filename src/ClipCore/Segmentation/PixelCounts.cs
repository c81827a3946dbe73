namespace ClipCore.Segmentation;

/// <summary>How a mask fits its truth: counts of pixels, background and foreground. Pixels with a negative label are left out.</summary>
/// <param name="Correct">Labelled pixels that are right.</param>
/// <param name="Labeled">Labelled pixels.</param>
/// <param name="BackgroundIntersection">Background in both.</param>
/// <param name="ForegroundIntersection">Foreground in both.</param>
/// <param name="BackgroundUnion">Background in one or both.</param>
/// <param name="ForegroundUnion">Foreground in one or both.</param>
public readonly record struct PixelCounts(
    long Correct, long Labeled, long BackgroundIntersection, long ForegroundIntersection, long BackgroundUnion, long ForegroundUnion)
{
    /// <summary>Share of the labelled pixels that are right.</summary>
    public double PixelAccuracy => Labeled == 0 ? 0 : (double)Correct / Labeled;

    /// <summary>Mean of the background's and the foreground's intersection over union.</summary>
    public double MeanIoU => (Share(BackgroundIntersection, BackgroundUnion) + Share(ForegroundIntersection, ForegroundUnion)) / 2;

    /// <summary>Compares a mask with its truth.</summary>
    /// <param name="foreground">Whether each pixel is taken for foreground.</param>
    /// <param name="labels">1 foreground, 0 background, negative unknown.</param>
    public static PixelCounts Of(ReadOnlySpan<bool> foreground, ReadOnlySpan<int> labels)
    {
        if (foreground.Length != labels.Length)
            throw new ArgumentException($"The mask has {foreground.Length} pixels, but the truth has {labels.Length}.", nameof(labels));
        Span<long> pairs = stackalloc long[4];
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] >= 0)
                pairs[(foreground[i] ? 2 : 0) + (labels[i] > 0 ? 1 : 0)]++;
        return new PixelCounts(
            pairs[0] + pairs[3], pairs[0] + pairs[1] + pairs[2] + pairs[3], pairs[0], pairs[3], pairs[0] + pairs[1] + pairs[2], pairs[1] + pairs[2] + pairs[3]);
    }

    /// <summary>Counts of several images together.</summary>
    public static PixelCounts operator +(PixelCounts a, PixelCounts b) => new(
        a.Correct + b.Correct, a.Labeled + b.Labeled, a.BackgroundIntersection + b.BackgroundIntersection, a.ForegroundIntersection + b.ForegroundIntersection,
        a.BackgroundUnion + b.BackgroundUnion, a.ForegroundUnion + b.ForegroundUnion);

    /// <inheritdoc cref="op_Addition"/>
    public static PixelCounts Add(PixelCounts a, PixelCounts b) => a + b;

    static double Share(long part, long whole) => part / (whole + 2.220446049250313e-16);
}
