namespace ClipCore.EffectSets;

/// <summary>Direct effects in memory.</summary>
/// <param name="heads">[n, L, H, e]</param>
/// <param name="mlps">[n, L + 1, e]</param>
/// <param name="classAttention">[n, L, e], or null.</param>
/// <param name="layerCount">L.</param>
/// <param name="headCount">H.</param>
/// <param name="width">e.</param>
public sealed class EffectArrays(float[] heads, float[] mlps, float[]? classAttention, int layerCount, int headCount, int width) : EffectSet
{
    /// <inheritdoc/>
    public override int ImageCount => mlps.Length / ((layerCount + 1) * width);

    /// <inheritdoc/>
    public override int LayerCount => layerCount;

    /// <inheritdoc/>
    public override int HeadCount => headCount;

    /// <inheritdoc/>
    public override int EmbedWidth => width;

    /// <inheritdoc/>
    public override bool HasClassAttention => classAttention != null;

    /// <inheritdoc/>
    public override void Read(int image, Span<float> headEffects, Span<float> mlpEffects, Span<float> classEffects)
    {
        Slice(heads, image, layerCount * headCount * width).CopyTo(headEffects);
        Slice(mlps, image, (layerCount + 1) * width).CopyTo(mlpEffects);
        if (classEffects.Length > 0)
            Slice(classAttention ?? throw new InvalidOperationException("This set has no class-token attention."), image, layerCount * width).CopyTo(classEffects);
    }

    static ReadOnlySpan<float> Slice(float[] values, int image, int length) => values.AsSpan(image * length, length);
}
