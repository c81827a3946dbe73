using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.TextSpan;

/// <summary>A set in which heads are replaced by what their first texts say of them; the set inside stays open. As safe for threads as that set.</summary>
public sealed class ReplacedEffects : EffectSet
{
    readonly EffectSet _inner;
    readonly IReadOnlyDictionary<ComponentLabel, TextSpanResult> _spans;
    readonly int _texts;

    /// <summary>A set over another.</summary>
    /// <param name="inner">The set.</param>
    /// <param name="spans">The texts of each head that is replaced.</param>
    /// <param name="texts">How many texts to use.</param>
    /// <exception cref="ArgumentException">The set does not hold a head one by one.</exception>
    public ReplacedEffects(EffectSet inner, IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans, int texts)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(spans);
        inner.RequireOneByOne(spans.Keys);
        (_inner, _spans, _texts) = (inner, spans, texts);
        (Labels, Attributes, Names, Splits, Captions, ClassNames) = (
            inner.Labels, inner.Attributes, inner.Names, inner.Splits, inner.Captions, inner.ClassNames);
    }

    /// <inheritdoc/>
    public override int ImageCount => _inner.ImageCount;

    /// <inheritdoc/>
    public override int LayerCount => _inner.LayerCount;

    /// <inheritdoc/>
    public override int HeadCount => _inner.HeadCount;

    /// <inheritdoc/>
    public override int EmbedWidth => _inner.EmbedWidth;

    /// <inheritdoc/>
    public override bool HasClassAttention => _inner.HasClassAttention;

    /// <inheritdoc/>
    public override int FirstHeadLayer => _inner.FirstHeadLayer;

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        _inner.Read(image, heads, mlps, classAttention);
        foreach ((ComponentLabel head, TextSpanResult span) in _spans)
            span.Reconstruct(heads.Slice(((head.Layer * HeadCount) + head.Head) * EmbedWidth, EmbedWidth), _texts);
    }
}
