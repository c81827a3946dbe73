using ClipCore.EffectSets;

namespace ClipCore.Tests.Ablation;

/// <summary>A set as a store of the last layers gives it: of earlier layers it spreads the sum of the heads evenly. It counts what is read.</summary>
sealed class LateHeads : EffectSet
{
    readonly EffectSet _whole;
    readonly int _firstHeadLayer;

    public LateHeads(EffectSet whole, int firstHeadLayer)
    {
        (_whole, _firstHeadLayer) = (whole, firstHeadLayer);
        (Labels, Attributes, Names, Splits, Captions, ClassNames) = (
            whole.Labels, whole.Attributes, whole.Names, whole.Splits, whole.Captions, whole.ClassNames);
    }

    /// <summary>Images read so far.</summary>
    public int Reads { get; private set; }

    public override int ImageCount => _whole.ImageCount;

    public override int LayerCount => _whole.LayerCount;

    public override int HeadCount => _whole.HeadCount;

    public override int EmbedWidth => _whole.EmbedWidth;

    public override bool HasClassAttention => false;

    public override int FirstHeadLayer => _firstHeadLayer;

    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        Reads++;
        _whole.Read(image, heads, mlps, []);
        for (int layer = 0; layer < _firstHeadLayer; layer++)
            for (int j = 0; j < EmbedWidth; j++)
            {
                double sum = 0;
                for (int head = 0; head < HeadCount; head++)
                    sum += heads[(((layer * HeadCount) + head) * EmbedWidth) + j];
                for (int head = 0; head < HeadCount; head++)
                    heads[(((layer * HeadCount) + head) * EmbedWidth) + j] = (float)(sum / HeadCount);
            }
    }
}
