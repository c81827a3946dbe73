using ClipCore.Atlas;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Tests.Ablation;
using ClipCore.TextSpan;

namespace ClipCore.Tests.Atlas;

/// <summary>The atlas on effects whose heads are known, against what a full sort of all scores gives.</summary>
sealed class HeadAtlasTests
{
    const int Texts = 5;

    static readonly TextPool s_pool = new("pool", ["left", "right", "up", "down", "round"], ["side", "side", "height", "height", ""]);

    static float[] Rows() =>
        [.. Enumerable.Range(0, Texts * MadeEffects.Width).Select(i => i / MadeEffects.Width == i % MadeEffects.Width ? 1f : 0.02f * (i % 7))];

    [Test]
    public void TopAndBottom_AreThoseOfAFullSort()
    {
        using EffectArrays set = MadeEffects.Create();
        float[] rows = Rows();
        HeadAtlas atlas = HeadAtlas.Build(set, s_pool, rows, MadeEffects.Classes, options: new AtlasOptions { Images = 4 });
        Assert.That(atlas.Heads.Select(head => head.Head), Is.EqualTo(ComponentLabel.All(3, 2).Where(label => label.Kind == ComponentKind.Head)));
        float[] heads = new float[MadeEffects.Layers * MadeEffects.Heads * MadeEffects.Width], mlps = new float[(MadeEffects.Layers + 1) * MadeEffects.Width];
        foreach (AtlasHead head in atlas.Heads)
            foreach (HeadText text in head.Texts)
            {
                (double Score, int Image)[] all = [.. Enumerable.Range(0, MadeEffects.Images).Select(image =>
                {
                    set.Read(image, heads, mlps, []);
                    int at = ((head.Head.Layer * MadeEffects.Heads) + head.Head.Head) * MadeEffects.Width;
                    return (Enumerable.Range(0, MadeEffects.Width).Sum(j => (double)heads[at + j] * rows[(text.Index * MadeEffects.Width) + j]), image);
                })];
                Assert.That(text.Top.Select(found => found.Image),
                    Is.EqualTo(all.OrderByDescending(one => one.Score).ThenBy(one => one.Image).Take(4).Select(one => one.Image)));
                Assert.That(text.Bottom.Select(found => found.Image),
                    Is.EqualTo(all.OrderBy(one => one.Score).ThenBy(one => one.Image).Take(4).Select(one => one.Image)));
                Assert.That(text.Top[0].Score, Is.EqualTo(all.Max(one => one.Score)).Within(1e-12));
            }
    }

    [Test]
    public void Heads_HaveTheirSpans_Factors_AndMeanEffects()
    {
        using EffectArrays set = MadeEffects.Create();
        AtlasOptions options = new() { Spans = new TextSpanOptions { Count = 3, LastLayers = 1 }, Images = 0, FactorTexts = 2 };
        ModelIdentity model = new("made", "abc");
        HeadAtlas atlas = HeadAtlas.Build(set, s_pool, Rows(), MadeEffects.Classes, model, options);
        Assert.That((atlas.Model, atlas.PoolName, atlas.PoolSha256, atlas.ImageCount), Is.EqualTo((model, "pool", s_pool.Sha256(), MadeEffects.Images)));
        Assert.That(atlas.ClassNames, Is.EqualTo(MadeEffects.Classes.Names));
        Assert.That(atlas.Heads, Has.Count.EqualTo(2));
        TextSpanResult span = TextSpanExperiment.Spans(set, Rows(), options.Spans)[MadeEffects.CueHead];
        AtlasHead cue = atlas[MadeEffects.CueHead];
        Assert.That(cue.Texts.Select(text => text.Index), Is.EqualTo(span.Indices));
        Assert.That(cue.Texts.Select(text => text.ExplainedVariance), Is.EqualTo(span.ExplainedVariance));
        Assert.That(cue.Texts[0].Top, Is.Empty);
        Assert.That((cue.Label, cue.Texts[0].Text), Is.EqualTo(("side", s_pool.Texts[span.Indices[0]])), "the cue moves along the two axes of the classes");
        Assert.That(cue.Factors.Sum(factor => factor.Share), Is.EqualTo(1).Within(1e-12));
        Assert.That(cue.Consistency, Is.EqualTo(cue.Factors[0].Share).And.GreaterThan(0.9));
        double[] mean = span.Mean;
        Assert.That(cue.MeanEffects, Is.EqualTo((double[])[(mean[0] - mean[1]) / 2, (mean[1] - mean[0]) / 2]).Within(1e-12));
        Assert.That(() => atlas[ComponentLabel.OfHead(0, 0)], Throws.TypeOf<KeyNotFoundException>());
    }

    [Test]
    public void HeadsKnownBySumOnly_AreLeftOut_AndTheSetIsReadTwice()
    {
        using EffectArrays whole = MadeEffects.Create();
        using LateHeads set = new(whole, 2);
        HeadAtlas atlas = HeadAtlas.Build(set, s_pool, Rows());
        Assert.That(atlas.Heads.Select(head => head.Head.Layer), Is.EqualTo((int[])[2, 2]));
        Assert.That(set.Reads, Is.EqualTo(2 * MadeEffects.Images), "statistics, then top and bottom images");
    }

    [Test]
    public void Pools_WithoutFactors_GiveNoLabels_AndWrongSizesAreRefused()
    {
        using EffectArrays set = MadeEffects.Create();
        HeadAtlas atlas = HeadAtlas.Build(set, new TextPool("plain", s_pool.Texts), Rows());
        Assert.That(atlas.Heads.Select(head => head.Label), Is.All.Empty);
        Assert.That(atlas.Heads.Select(head => head.Consistency), Is.All.Zero);
        Assert.That(() => HeadAtlas.Build(set, s_pool, new float[7]), Throws.ArgumentException.With.Message.Contains("pool"));
        Assert.That(() => HeadAtlas.Build(set, s_pool, Rows(), new LinearClassifier(new float[4], 4)), Throws.ArgumentException);
    }
}
