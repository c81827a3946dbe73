using ClipCore.Decomposition;

namespace ClipCore.EffectSets;

/// <summary>Some images of a set, such as a validation split; the set stays open and is not disposed with it. For one thread at a time, as the set.</summary>
public sealed class EffectSubset : EffectSet
{
    readonly EffectSet _whole;
    readonly int[] _images;

    /// <summary>Takes some images of a set.</summary>
    /// <param name="whole">The set.</param>
    /// <param name="images">Indices of its images, in the order they shall have; copied.</param>
    /// <exception cref="ArgumentException">There are none, or one does not lie within the set.</exception>
    public EffectSubset(EffectSet whole, int[] images)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(images);
        if (images.Length == 0 || images.Any(image => (uint)image >= (uint)whole.ImageCount))
            throw new ArgumentException($"Name at least one image, each of 0 … {whole.ImageCount - 1}.", nameof(images));
        (_whole, _images) = (whole, [.. images]);
        Labels = Of(whole.Labels);
        Attributes = Of(whole.Attributes);
        Names = Of(whole.Names);
        Splits = Of(whole.Splits);
        Captions = Of(whole.Captions);
        ClassNames = whole.ClassNames;
    }

    /// <inheritdoc/>
    public override int ImageCount => _images.Length;

    /// <inheritdoc/>
    public override int LayerCount => _whole.LayerCount;

    /// <inheritdoc/>
    public override int HeadCount => _whole.HeadCount;

    /// <inheritdoc/>
    public override int EmbedWidth => _whole.EmbedWidth;

    /// <inheritdoc/>
    public override bool HasClassAttention => _whole.HasClassAttention;

    /// <inheritdoc/>
    public override int FirstHeadLayer => _whole.FirstHeadLayer;

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention) =>
        _whole.Read(_images[image], heads, mlps, classAttention);

    internal override IReadOnlyDictionary<ComponentLabel, HeadStatistics> GatherStatistics(
        IReadOnlyCollection<ComponentLabel> heads, ReadOnlySpan<int> images, IProgress<int>? progress, CancellationToken cancellation)
    {
        int[] wholes = new int[images.Length];
        for (int i = 0; i < wholes.Length; i++)
            wholes[i] = _images[images[i]];
        return _whole.GatherStatistics(heads, wholes, progress, cancellation);
    }

    T[]? Of<T>(T[]? values) => values == null ? null : [.. _images.Select(image => values[image])];
}
