using ClipCore.Decomposition;

namespace ClipCore.TextSpan;

/// <summary>TEXTSPAN of many heads of a set: their statistics in one pass, then their texts.</summary>
public static class TextReplacement
{
    /// <summary>Statistics of the heads of the last layers.</summary>
    /// <param name="set">The set.</param>
    /// <param name="lastLayers">How many layers, counted from the end.</param>
    /// <param name="progress">Called after each image; may be null.</param>
    public static Dictionary<ComponentLabel, SpanStatistics> Collect(EffectSet set, int lastLayers, Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        ComponentLabel[] heads =
        [
            .. ComponentLabel.All(set.LayerCount, set.HeadCount).Where(label => label.Kind == ComponentKind.Head && label.Layer >= set.LayerCount - lastLayers),
        ];
        Dictionary<ComponentLabel, SpanStatistics> statistics = heads.ToDictionary(head => head, _ => new SpanStatistics(set.Width));
        float[] effects = new float[set.LayerCount * set.HeadCount * set.Width], mlps = new float[(set.LayerCount + 1) * set.Width];
        for (int image = 0; image < set.ImageCount; image++)
        {
            set.Read(image, effects, mlps, []);
            foreach ((ComponentLabel head, SpanStatistics of) in statistics)
                of.Add(effects.AsSpan(((head.Layer * set.HeadCount) + head.Head) * set.Width, set.Width));
            progress?.Invoke(image + 1);
        }
        return statistics;
    }
}

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
    public override int Width => inner.Width;

    /// <inheritdoc/>
    public override bool HasClassAttention => inner.HasClassAttention;

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        inner.Read(image, heads, mlps, classAttention);
        foreach ((ComponentLabel head, TextSpanResult span) in spans)
            span.Reconstruct(heads.Slice(((head.Layer * HeadCount) + head.Head) * Width, Width), texts);
    }
}
