using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Retrieval;

namespace ClipCore.Tests.Retrieval;

/// <summary>Indexes of parts, rankings, compound queries and recall, against sums done by hand.</summary>
sealed class RetrievalTests
{
    const int Width = 3;

    // Two images, one layer of two heads: [n, L, H, e] and [n, L + 1, e].
    static readonly float[] s_heads = [1, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 4];
    static readonly float[] s_mlps = [10, 0, 0, 0, 20, 0, 0, 0, 30, 5, 5, 5];

    static EffectArrays Set() => new(s_heads, s_mlps, null, 1, 2, Width);

    [Test]
    public void Build_SumsTheComponents()
    {
        ComponentLabel[][] parts = [[], [ComponentLabel.OfHead(0, 1)], [ComponentLabel.OfHead(0, 0), ComponentLabel.Embed], [ComponentLabel.OfMlp(0)]];
        PartIndex[] indexes = PartIndex.Build(Set(), parts);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(indexes[0][0].ToArray(), Is.EqualTo((float[])[11, 22, 0]));
            Assert.That(indexes[0][1].ToArray(), Is.EqualTo((float[])[5, 6, 39]));
            Assert.That(indexes[1][1].ToArray(), Is.EqualTo((float[])[0, 0, 4]));
            Assert.That(indexes[2][0].ToArray(), Is.EqualTo((float[])[11, 0, 0]));
            Assert.That(indexes[3][1].ToArray(), Is.EqualTo((float[])[5, 5, 5]));
        }
    }

    [Test]
    public void Whole_IsComparedAsItIs_AndHeadsLessTheirMean()
    {
        float[] rows = [1, 0, 0, 1, 1, 0];
        Assert.That(new PartIndex(rows, Width, isCentered: false).CompareTo((ReadOnlySpan<float>)[1, 0, 0])[1], Is.EqualTo(Math.Sqrt(0.5)).Within(1e-15));
        Assert.That(new PartIndex(rows, Width, isCentered: true).CompareTo((ReadOnlySpan<float>)[1, 0, 0])[1], Is.EqualTo(-1).Within(1e-15));
    }

    [Test]
    public void VectorsEqualToTheMean_ScoreZero_NotNaN() =>
        Assert.That(new PartIndex([1, 2, 3, 1, 2, 3], Width, isCentered: true).CompareTo((ReadOnlySpan<float>)[4, 4, 4]), Is.EqualTo((double[])[0, 0]));

    [Test]
    public void SpeakFor_IsTheDotProduct() =>
        Assert.That(new PartIndex([1, 2, 3, 4, 5, 6], Width, isCentered: true).SpeakFor((ReadOnlySpan<float>)[1, 0, -1]), Is.EqualTo((double[])[-2, -2]));

    [Test]
    public void WrongLengths_AreRefused()
    {
        Assert.That(() => new PartIndex(new float[4], Width, false), Throws.ArgumentException);
        Assert.That(() => new PartIndex([], Width, false), Throws.ArgumentException);
        Assert.That(() => new PartIndex(new float[6], Width, false).CompareTo(new float[2]), Throws.ArgumentException);
        Assert.That(() => Ranking.Combine([]), Throws.ArgumentException);
        Assert.That(() => Ranking.Combine([[1, 2], [1]]), Throws.ArgumentException);
    }

    [Test]
    public void Top_BreaksTiesByTheLowerIndex_AndLeavesTheQueryOut()
    {
        double[] scores = [0.5, 0.9, 0.5, 0.9, 0.1];
        Assert.That(Ranking.Top(scores, 9), Is.EqualTo((int[])[1, 3, 0, 2, 4]));
        Assert.That(Ranking.Top(scores, 2, without: 1), Is.EqualTo((int[])[3, 0]));
    }

    [Test]
    public void Combine_WeighsTermsAlike_WhateverTheirScale()
    {
        double[] small = [0.001, 0.002, 0.003], large = [300, 200, 100];
        Assert.That(Ranking.Combine([small, large]), Is.EqualTo((double[])[0, 0, 0]).Within(1e-12));
        Assert.That(Ranking.Combine([small, [7, 7, 7]]), Is.EqualTo(Ranking.Combine([small])));
    }

    [Test]
    public void Recall_CountsTheFirstRightImage()
    {
        double[] scores = [0.1, 0.7, 0.7, 0.9];
        Assert.That(Ranks.RankOfFirst(scores, image => image == 3), Is.Zero);
        Assert.That(Ranks.RankOfFirst(scores, image => image == 2), Is.EqualTo(2), "of equal scores the lower index comes first");
        Assert.That(Ranks.RankOfFirst(scores, image => image is 0 or 1), Is.EqualTo(1));
        Assert.That(() => Ranks.RankOfFirst(scores, _ => false), Throws.ArgumentException);
        Assert.That(Ranks.RecallAt([0, 4, 5, 9], 5), Is.EqualTo(0.5));
    }
}
