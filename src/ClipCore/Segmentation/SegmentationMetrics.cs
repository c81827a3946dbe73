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

/// <summary>Average precision as scikit-learn computes it: Σ (recallₙ − recallₙ₋₁) precisionₙ over the distinct scores.</summary>
static class AveragePrecision
{
    /// <summary>Pools background and foreground as the paper's code does: every labelled pixel gives its score for both.</summary>
    /// <param name="background">Score of each pixel for the background.</param>
    /// <param name="foreground">Score of each pixel for the foreground.</param>
    /// <param name="labels">1 foreground, 0 background, negative unknown.</param>
    public static double OfPixels(ReadOnlySpan<float> background, ReadOnlySpan<float> foreground, ReadOnlySpan<int> labels)
    {
        List<float> scores = [];
        List<bool> truth = [];
        for (int channel = 0; channel < 2; channel++)
            for (int i = 0; i < labels.Length; i++)
                if (labels[i] >= 0)
                {
                    scores.Add(channel == 0 ? background[i] : foreground[i]);
                    truth.Add((labels[i] > 0 ? 1 : 0) == channel);
                }
        return Of([.. scores], [.. truth]);
    }

    static double Of(float[] scores, bool[] truth)
    {
        // Negated keys sort the largest scores first; equal scores count together, so their order does not matter.
        float[] keys = [.. scores.Select(score => -score)];
        Array.Sort(keys, truth);
        long positives = truth.Count(value => value);
        if (positives == 0)
            return 0;
        double sum = 0;
        long hits = 0, before = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            hits += truth[i] ? 1 : 0;
            if (i + 1 < keys.Length && keys[i + 1] == keys[i])
                continue;
            sum += (double)(hits - before) / positives * ((double)hits / (i + 1));
            before = hits;
        }
        return sum;
    }
}

/// <summary>A mask from a heatmap, and how it fits the truth.</summary>
/// <param name="Counts">Counts of pixels.</param>
/// <param name="AveragePrecision">Average precision over both classes.</param>
public sealed record MaskScore(PixelCounts Counts, double AveragePrecision);

/// <summary>A heatmap as a mask, with the rules of the paper's code: enlarge, clip at 0, stretch to 0 … 1, foreground above the mean.</summary>
public sealed class HeatmapMask
{
    readonly float[] _values;
    readonly bool _isConstant;

    HeatmapMask(float[] values, bool isConstant, int height, int width)
    {
        (_values, _isConstant, Height, Width) = (values, isConstant, height, width);
        double sum = 0;
        foreach (float value in values)
            sum += value;
        double mean = sum / values.Length;
        Foreground = [.. values.Select(value => !isConstant && value > mean)];
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Values between 0 and 1; 0 everywhere where the map is constant. [height, width]</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Whether each pixel is foreground. [height, width]</summary>
    public bool[] Foreground { get; }

    /// <summary>From a value for each patch.</summary>
    /// <param name="map">[rows, columns]</param>
    /// <param name="rows">Rows of patches.</param>
    /// <param name="columns">Columns of patches.</param>
    /// <param name="patchSize">Side of a patch in pixels.</param>
    public static HeatmapMask FromPatches(ReadOnlySpan<float> map, int rows, int columns, int patchSize) =>
        FromPixels(Bilinear.Enlarge(map, rows, columns, patchSize), rows * patchSize, columns * patchSize);

    /// <summary>From a value for each pixel.</summary>
    public static HeatmapMask FromPixels(ReadOnlySpan<float> map, int height, int width)
    {
        float[] values = new float[map.Length];
        float least = float.PositiveInfinity, largest = 0;
        for (int i = 0; i < map.Length; i++)
        {
            values[i] = Math.Max(map[i], 0);
            least = Math.Min(least, values[i]);
            largest = Math.Max(largest, values[i]);
        }
        bool isConstant = !(largest > least);
        for (int i = 0; i < values.Length; i++)
            values[i] = isConstant ? 0 : (values[i] - least) / (largest - least);
        return new HeatmapMask(values, isConstant, height, width);
    }

    /// <summary>Values that are between 0 and 1 already. [height, width]</summary>
    internal static HeatmapMask FromNormalized(float[] values, int height, int width) => new(values, values.All(value => value == 0), height, width);

    /// <summary>Compares with the truth.</summary>
    /// <param name="labels">1 foreground, 0 background, negative unknown. [height, width]</param>
    public MaskScore Score(ReadOnlySpan<int> labels)
    {
        // A constant map is not a number in the reference, which turns it into 0 for both classes.
        float[] background = [.. _values.Select(value => _isConstant ? 0 : 1 - value)];
        return new MaskScore(PixelCounts.Of(Foreground, labels), Segmentation.AveragePrecision.OfPixels(background, _values, labels));
    }
}
