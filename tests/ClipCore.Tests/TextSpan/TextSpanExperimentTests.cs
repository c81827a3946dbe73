using ClipCore.Ablation;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Tests.Ablation;
using ClipCore.TextSpan;

namespace ClipCore.Tests.TextSpan;

/// <summary>Spans of many heads, and the accuracies that their texts keep beside the controls.</summary>
sealed class TextSpanExperimentTests
{
    static readonly TextSpanOptions s_options = new() { Count = 4, Rank = 6, LastLayers = 1 };

    /// <summary>The two axes of the classes, and others.</summary>
    static float[] Texts() =>
        [.. Enumerable.Range(0, 4 * MadeEffects.Width).Select(i => i / MadeEffects.Width == i % MadeEffects.Width ? 1f : 0.01f * (i % 5))];

    [Test]
    public void Accuracies_OfEachPoint_AreThoseOfReplacedEffects()
    {
        using EffectArrays set = MadeEffects.Create();
        TextSpanPools pools = new(Texts(), Texts(), [1, 2]);
        TextSpanAccuracies curve = TextSpanExperiment.Accuracies(set, MadeEffects.Classes, pools, [0, 1, 2, 4], s_options);
        EffectMeans means = EffectMeans.Of(set);
        ComponentLabel[] early = [.. ComponentLabel.All(3, 2).Where(label => label.Kind == ComponentKind.Head && label.Layer < 2)];
        IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans = TextSpanExperiment.Spans(set, Texts(), s_options);
        Assert.That(curve.Baseline, Is.EqualTo(0.75));
        foreach (TextSpanAccuracy point in curve.Points)
        {
            using ReplacedEffects replaced = new(set, spans, point.Count);
            Assert.That(point.Texts, Is.EqualTo(MeanAblation.Accuracies(replaced, MadeEffects.Classes, means, [early])[0]), $"{point.Count} texts");
            Assert.That(point.CommonWords, Is.EqualTo(point.Texts), "the same texts compared with themselves");
            Assert.That(point.Random, Has.Count.EqualTo(2));
        }
        Assert.That(curve.Points[^1].Texts, Is.Not.EqualTo(curve.Points[0].Texts), "texts tell more than the mean");
        Assert.That(TextSpanExperiment.Accuracies(set, MadeEffects.Classes, new TextSpanPools(Texts()), [1], s_options).Points[0].CommonWords, Is.Null);
    }

    [Test]
    public void Accuracies_ReadTheSetThrice_WhateverTheNumberOfPointsAndControls()
    {
        using EffectArrays whole = MadeEffects.Create();
        using LateHeads set = new(whole, 2);
        _ = TextSpanExperiment.Accuracies(set, MadeEffects.Classes, new TextSpanPools(Texts(), Texts(), [1, 2, 3]), [1, 2, 3, 4], s_options);
        Assert.That(set.Reads, Is.EqualTo(3 * MadeEffects.Images), "statistics, means, and one pass to judge");
    }

    [Test]
    public void Spans_OfHeadsKnownBySumOnly_AreRefused()
    {
        using EffectArrays whole = MadeEffects.Create();
        using LateHeads set = new(whole, 2);
        Assert.That(TextSpanExperiment.Spans(set, Texts(), s_options).Keys,
            Is.EqualTo((ComponentLabel[])[ComponentLabel.OfHead(2, 0), ComponentLabel.OfHead(2, 1)]));
        Assert.That(() => TextSpanExperiment.Spans(set, Texts(), s_options with { LastLayers = 2 }), Throws.ArgumentException.With.Message.Contains("sum"));
        Assert.That(() => new ReplacedEffects(set, TextSpanExperiment.Spans(whole, Texts(), s_options with { LastLayers = 3 }), 1), Throws.ArgumentException);
    }

    [Test]
    public void Spans_CanBeCancelled_AndTellTheirProgress()
    {
        using EffectArrays set = MadeEffects.Create();
        Assert.That(() => TextSpanExperiment.Spans(set, Texts(), s_options, null, new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(
            () => TextSpanExperiment.Accuracies(set, MadeEffects.Classes, new TextSpanPools(Texts()), [1], s_options, null, new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Accuracies_OfNumbersOrLabelsThatDoNotFit_AreRefused()
    {
        using EffectArrays set = MadeEffects.Create();
        Assert.That(() => TextSpanExperiment.Accuracies(set, MadeEffects.Classes, new TextSpanPools(Texts()), []), Throws.ArgumentException);
        Assert.That(() => TextSpanExperiment.Accuracies(set, MadeEffects.Classes, new TextSpanPools(Texts()), [-1]), Throws.ArgumentException);
        Assert.That(() => TextSpanExperiment.Spans(set, new float[7]), Throws.ArgumentException);
        Assert.That(
            () => TextSpanExperiment.Accuracies(set, new LinearClassifier(new float[8], 4), new TextSpanPools(Texts()), [1], s_options),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("different models"));
    }
}
