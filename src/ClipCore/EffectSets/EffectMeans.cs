using ClipCore.Decomposition;

namespace ClipCore.EffectSets;

/// <summary>Mean effects of every component over a set of images, in double precision and in fixed blocks. Immutable, safe for many threads.</summary>
public sealed class EffectMeans
{
    readonly double[] _heads, _mlps, _classAttention;
    readonly int _headCount, _width;

    EffectMeans(double[] heads, double[] mlps, double[] classAttention, int headCount, int width) =>
        (_heads, _mlps, _classAttention, _headCount, _width) = (heads, mlps, classAttention, headCount, width);

    /// <summary>Computes them in one pass.</summary>
    /// <param name="set">The set.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Looked at between images.</param>
    public static EffectMeans Of(EffectSet set, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        EffectReader reader = new(set, set.HasClassAttention);
        BlockMean heads = new(reader.Heads.Length), mlps = new(reader.Mlps.Length), classAttention = new(reader.ClassAttention.Length);
        for (int image = 0; image < set.ImageCount; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Read(image);
            heads.Add(reader.Heads);
            mlps.Add(reader.Mlps);
            classAttention.Add(reader.ClassAttention);
            progress?.Report(image + 1);
        }
        return new EffectMeans(heads.Finish(), mlps.Finish(), classAttention.Finish(), set.HeadCount, set.EmbedWidth);
    }

    /// <summary>Mean of a head. [e]</summary>
    public ReadOnlySpan<double> Head(int layer, int head) => _heads.AsSpan(((layer * _headCount) + head) * _width, _width);

    /// <summary>Mean of the embedding (0) or of the MLP of layer i − 1 (i). [e]</summary>
    public ReadOnlySpan<double> Mlp(int index) => _mlps.AsSpan(index * _width, _width);

    /// <summary>Mean of what the heads of a layer take from the class token. [e]</summary>
    public ReadOnlySpan<double> ClassAttention(int layer) => _classAttention.AsSpan(layer * _width, _width);

    /// <summary>Mean of a component. [e]</summary>
    public ReadOnlySpan<double> Of(ComponentLabel component) => component.Kind switch
    {
        ComponentKind.Embed => Mlp(0),
        ComponentKind.Mlp => Mlp(component.Layer + 1),
        _ => Head(component.Layer, component.Head),
    };
}
