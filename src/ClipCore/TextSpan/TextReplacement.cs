using ClipCore.Decomposition;
using ClipCore.EffectSets;

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
        Dictionary<ComponentLabel, SpanStatistics> statistics = heads.ToDictionary(head => head, _ => new SpanStatistics(set.EmbedWidth));
        float[] effects = new float[set.LayerCount * set.HeadCount * set.EmbedWidth], mlps = new float[(set.LayerCount + 1) * set.EmbedWidth];
        for (int image = 0; image < set.ImageCount; image++)
        {
            set.Read(image, effects, mlps, []);
            foreach ((ComponentLabel head, SpanStatistics of) in statistics)
                of.Add(effects.AsSpan(((head.Layer * set.HeadCount) + head.Head) * set.EmbedWidth, set.EmbedWidth));
            progress?.Invoke(image + 1);
        }
        return statistics;
    }
}
