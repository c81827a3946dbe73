namespace ClipCore.EffectSets;

/// <summary>Direct effects in memory. Safe for many threads as long as nobody changes the arrays.</summary>
public sealed class EffectArrays : EffectSet
{
    readonly float[] _heads, _mlps;
    readonly float[]? _classAttention;

    /// <summary>Takes arrays of effects; they are large and not copied: they belong to the set from now on and may not be changed.</summary>
    /// <param name="heads">[n, L, H, e]</param>
    /// <param name="mlps">[n, L + 1, e]</param>
    /// <param name="classAttention">[n, L, e], or null.</param>
    /// <param name="layerCount">L.</param>
    /// <param name="headCount">H.</param>
    /// <param name="embedWidth">e.</param>
    /// <exception cref="ArgumentException">A size is not positive, or a length does not fit the others.</exception>
    public EffectArrays(float[] heads, float[] mlps, float[]? classAttention, int layerCount, int headCount, int embedWidth)
    {
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentNullException.ThrowIfNull(mlps);
        ArgumentOutOfRangeException.ThrowIfLessThan(layerCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(headCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(embedWidth, 1);
        (_heads, _mlps, _classAttention, LayerCount, HeadCount, EmbedWidth) = (heads, mlps, classAttention, layerCount, headCount, embedWidth);
        ImageCount = (int)(mlps.Length / ((layerCount + 1L) * embedWidth));
        long image = (long)layerCount * embedWidth;
        if (mlps.Length != ImageCount * (image + embedWidth))
            throw new ArgumentException($"{mlps.Length} floats are no whole number of images of [{layerCount + 1}, {embedWidth}].", nameof(mlps));
        if (heads.Length != ImageCount * image * headCount)
            throw new ArgumentException($"{heads.Length} floats are not [{ImageCount}, {layerCount}, {headCount}, {embedWidth}].", nameof(heads));
        if (classAttention != null && classAttention.Length != ImageCount * image)
            throw new ArgumentException($"{classAttention.Length} floats are not [{ImageCount}, {layerCount}, {embedWidth}].", nameof(classAttention));
    }

    /// <inheritdoc/>
    public override int ImageCount { get; }

    /// <inheritdoc/>
    public override int LayerCount { get; }

    /// <inheritdoc/>
    public override int HeadCount { get; }

    /// <inheritdoc/>
    public override int EmbedWidth { get; }

    /// <inheritdoc/>
    public override bool HasClassAttention => _classAttention != null;

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        Slice(_heads, image, LayerCount * HeadCount * EmbedWidth).CopyTo(heads);
        Slice(_mlps, image, (LayerCount + 1) * EmbedWidth).CopyTo(mlps);
        if (classAttention.Length > 0)
        {
            float[] shares = _classAttention ?? throw new InvalidOperationException("This set has no class-token attention.");
            Slice(shares, image, LayerCount * EmbedWidth).CopyTo(classAttention);
        }
    }

    static ReadOnlySpan<float> Slice(float[] values, int image, int length) => values.AsSpan(image * length, length);
}
