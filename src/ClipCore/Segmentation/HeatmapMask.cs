using ClipCore.DataSets;

namespace ClipCore.Segmentation;

/// <summary>
/// A heatmap as a mask, with the rules of the paper's code: enlarge, clip at 0, stretch to 0 … 1, foreground above the mean. Immutable but for
/// <see cref="Foreground"/>, safe for many threads.
/// </summary>
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
    /// <param name="map">[height, width]</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    static HeatmapMask FromPixels(ReadOnlySpan<float> map, int height, int width)
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

    /// <summary>Share of the pixels that are foreground, between 0 and 1.</summary>
    public double ForegroundShare => (double)Foreground.Count(value => value) / Foreground.Length;

    /// <summary>Compares with the truth.</summary>
    /// <param name="truth">The truth in the same square.</param>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public MaskScore Score(ObjectMask truth)
    {
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Width != Width || truth.Height != Height)
            throw new ArgumentException($"The mask is {Width} × {Height}, but the truth is {truth.Width} × {truth.Height}.", nameof(truth));
        int[] labels = new int[truth.Labels.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = truth.Labels[i];
        return Score(labels);
    }

    /// <summary>Compares with the truth.</summary>
    /// <param name="labels">1 foreground, 0 background, negative unknown. [height, width]</param>
    /// <exception cref="ArgumentException">There are not as many labels as pixels.</exception>
    public MaskScore Score(ReadOnlySpan<int> labels)
    {
        // A constant map is not a number in the reference, which turns it into 0 for both classes.
        float[] background = [.. _values.Select(value => _isConstant ? 0 : 1 - value)];
        return new MaskScore(PixelCounts.Of(Foreground, labels), Segmentation.AveragePrecision.OfPixels(background, _values, labels));
    }
}
