using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.TextSpan;

/// <summary>A set in which heads are replaced by what their first texts say of them.</summary>
/// <param name="inner">The set.</param>
/// <param name="spans">The texts of each head that is replaced.</param>
/// <param name="texts">How many texts to use.</param>
public sealed class ReplacedEffects(EffectSet inner, IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans, int texts) : EffectSet
{
    /// <inheritdoc/>
    public override int ImageCount => inner.ImageCount;

    /// <inheritdoc/>
    public override int LayerCount => inner.LayerCount;

    /// <inheritdoc/>
    public override int HeadCount => inner.HeadCount;

    /// <inheritdoc/>
    public override int EmbedWidth => inner.EmbedWidth;

    /// <inheritdoc/>
    public override bool HasClassAttention => inner.HasClassAttention;

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        inner.Read(image, heads, mlps, classAttention);
        foreach ((ComponentLabel head, TextSpanResult span) in spans)
            span.Reconstruct(heads.Slice(((head.Layer * HeadCount) + head.Head) * EmbedWidth, EmbedWidth), texts);
    }
}
