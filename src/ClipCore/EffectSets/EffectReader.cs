using ClipCore.Decomposition;

namespace ClipCore.EffectSets;

/// <summary>The effects of one image of a set at a time.</summary>
sealed class EffectReader(EffectSet set, bool classAttention)
{
    readonly float[] _heads = new float[set.LayerCount * set.HeadCount * set.EmbedWidth];
    readonly float[] _mlps = new float[(set.LayerCount + 1) * set.EmbedWidth];
    readonly float[] _classAttention = new float[classAttention ? set.LayerCount * set.EmbedWidth : 0];

    /// <summary>[L, H, e]</summary>
    public Span<float> Heads => _heads;

    /// <summary>[L + 1, e]</summary>
    public Span<float> Mlps => _mlps;

    /// <summary>[L, e], or empty.</summary>
    public Span<float> ClassAttention => _classAttention;

    public void Read(int image) => set.Read(image, _heads, _mlps, _classAttention);

    public Span<float> Head(int layer, int head) => _heads.AsSpan(((layer * set.HeadCount) + head) * set.EmbedWidth, set.EmbedWidth);

    public Span<float> Mlp(int index) => _mlps.AsSpan(index * set.EmbedWidth, set.EmbedWidth);

    public Span<float> Of(ComponentLabel component) => component.Kind switch
    {
        ComponentKind.Embed => Mlp(0),
        ComponentKind.Mlp => Mlp(component.Layer + 1),
        _ => Head(component.Layer, component.Head),
    };
}
