using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Tests.EffectSets;

public class EffectSubsetTests
{
    const int Count = 4, Layers = 3, Heads = 2, Width = 5;

    static readonly int[] s_images = [3, 1, 1];

    [Test]
    public void Columns_AreThoseOfItsImages_InItsOrder()
    {
        using LateEffects whole = new();
        using EffectSubset subset = new(whole, s_images);
        Assert.That(subset.Labels, Is.EqualTo((int[])[1, 1, 1]));
        Assert.That(subset.Attributes, Is.EqualTo((int[])[3, 1, 1]));
        Assert.That(subset.Names, Is.EqualTo((string[])["d", "b", "b"]));
        Assert.That(subset.Splits, Is.EqualTo((string[])["test", "val", "val"]));
        Assert.That(subset.Captions, Is.EqualTo((string[])["a deer", "", ""]));
        Assert.That(subset.ClassNames, Is.EqualTo((string[])["no", "yes"]));
        Assert.That((subset.ImageCount, subset.LayerCount, subset.HeadCount, subset.EmbedWidth), Is.EqualTo((3, Layers, Heads, Width)));
        Assert.That((subset.FirstHeadLayer, subset.HasClassAttention), Is.EqualTo((1, true)));
    }

    [Test]
    public void Columns_ThatTheSetLacks_StayUnknown()
    {
        using EffectArrays whole = new(new float[2 * Layers * Heads * Width], new float[2 * (Layers + 1) * Width], null, Layers, Heads, Width);
        using EffectSubset subset = new(whole, [1]);
        Assert.That((object?[])[subset.Labels, subset.Attributes, subset.Names, subset.Splits, subset.Captions], Is.All.Null);
        Assert.That((subset.ClassNames.Count, subset.FirstHeadLayer, subset.HasClassAttention), Is.EqualTo((0, 0, false)));
    }

    [Test]
    public void Read_GivesTheSetsEffects()
    {
        using LateEffects whole = new();
        using EffectSubset subset = new(whole, s_images);
        for (int image = 0; image < s_images.Length; image++)
            Assert.That(Effects(subset, image), Is.EqualTo(Effects(whole, s_images[image])));
    }

    [Test]
    public void ReadStatistics_AreOfItsImages_AndEarlyHeadsAreRefused()
    {
        using LateEffects whole = new();
        using EffectSubset subset = new(whole, s_images);
        ComponentLabel early = ComponentLabel.OfHead(0, 1), late = ComponentLabel.OfHead(1, 1);
        SpanStatistics statistics = subset.ReadStatistics([late])[late].Statistics;
        Assert.That(statistics.Count, Is.EqualTo(s_images.Length));
        // A set that keeps the base's way refuses as well as one with its own.
        foreach (EffectSet set in (EffectSet[])[whole, subset])
        {
            Assert.That(() => set.ReadStatistics([late, early]), Throws.ArgumentException.With.Message.Contains("sum only"));
            Assert.That(() => set.Require([early]), Throws.ArgumentException.With.Message.Contains("sum only"));
            Assert.That(() => set.Require([early, ComponentLabel.OfHead(0, 0)]), Throws.Nothing);
        }
    }

    static float[] Effects(EffectSet set, int image)
    {
        float[] heads = new float[Layers * Heads * Width], mlps = new float[(Layers + 1) * Width], classAttention = new float[Layers * Width];
        set.Read(image, heads, mlps, classAttention);
        return [.. heads, .. mlps, .. classAttention];
    }

    /// <summary>Effects whose first layer is known by its sum only.</summary>
    sealed class LateEffects : EffectSet
    {
        public LateEffects()
        {
            Labels = [0, 1, 0, 1];
            Attributes = [0, 1, 2, 3];
            Names = ["a", "b", "c", "d"];
            Splits = ["train", "val", "test", "test"];
            Captions = ["an ant", "", "a cat", "a deer"];
            ClassNames = ["no", "yes"];
        }

        public override int ImageCount => Count;

        public override int LayerCount => Layers;

        public override int HeadCount => Heads;

        public override int EmbedWidth => Width;

        public override bool HasClassAttention => true;

        public override int FirstHeadLayer => 1;

        public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
        {
            heads.Fill(image + 0.25f);
            mlps.Fill(image + 0.5f);
            classAttention.Fill(image + 0.75f);
        }
    }
}
