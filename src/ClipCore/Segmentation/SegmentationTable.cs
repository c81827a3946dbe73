namespace ClipCore.Segmentation;

/// <summary>Scores over a set of pictures, gathered one by one: nothing is kept of a picture but its counts. Not safe for many threads at once.</summary>
public sealed class SegmentationTable
{
    readonly SortedDictionary<SegmentationMethod, (PixelCounts Counts, double Precision, long Images)> _sums = [];
    readonly long[] _pixels = new long[3];

    /// <summary>Pictures that were added.</summary>
    public long ImageCount { get; private set; }

    /// <summary>Pictures among them that had a truth.</summary>
    public long ScoredCount { get; private set; }

    /// <summary>Methods that were scored, in their order.</summary>
    public IReadOnlyCollection<SegmentationMethod> Methods => _sums.Keys;

    /// <summary>A method's scores.</summary>
    /// <exception cref="KeyNotFoundException">It was not scored.</exception>
    public SegmentationScore this[SegmentationMethod method]
    {
        get
        {
            (PixelCounts counts, double precision, long images) = _sums[method];
            return new SegmentationScore(counts, precision / images);
        }
    }

    /// <summary>Share, between 0 and 1, of the truths' pixels that are foreground.</summary>
    public double ForegroundShare => Share(2);

    /// <summary>Share, between 0 and 1, of the truths' pixels that are background.</summary>
    public double BackgroundShare => Share(1);

    /// <summary>Share, between 0 and 1, of the truths' pixels that are left out of every count.</summary>
    public double IgnoredShare => Share(0);

    /// <summary>Adds a picture.</summary>
    public void Add(SegmentedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageCount++;
        if (image.Truth is not { } truth)
            return;
        ScoredCount++;
        foreach (sbyte label in truth.Labels)
            _pixels[Math.Sign(label) + 1]++;
        foreach ((SegmentationMethod method, MaskScore score) in image.Scores)
        {
            (PixelCounts counts, double precision, long images) = _sums.GetValueOrDefault(method);
            _sums[method] = (counts + score.Counts, precision + score.AveragePrecision, images + 1);
        }
    }

    double Share(int kind)
    {
        long all = _pixels[0] + _pixels[1] + _pixels[2];
        return all == 0 ? 0 : (double)_pixels[kind] / all;
    }
}
