using ClipCore.Ablation;
using ClipCore.Cli.Report;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.TextSpan;

namespace ClipCore.Tests.Ablation;

/// <summary>Splits, choice of heads and the removal of a cue, on effects whose cue is known.</summary>
sealed class SpuriousExperimentTests
{
    static string[] SplitsOf(Func<int, string> split) => [.. Enumerable.Range(0, MadeEffects.Images).Select(split)];

    [Test]
    public void Run_ReplacingTheCue_MendsTheWorstGroup_AndRandomHeadsDoNot()
    {
        using EffectArrays set = MadeEffects.Create();
        SpuriousResult result = SpuriousExperiment.Run(
            DataSplits.ToJudge(set), MadeEffects.Classes, [MadeEffects.CueHead], new SpuriousOptions { Seeds = [1, 2, 3, 4, 5, 6] });
        Assert.That((result.Baseline.Worst, result.Replaced.Worst), Is.EqualTo((0.0, 1.0)), "shares, not percent");
        Assert.That(result.Baseline.Full, Is.EqualTo(0.75));
        Assert.That(result.Random.Select(control => control.Seed), Is.EqualTo((int[])[1, 2, 3, 4, 5, 6]));
        Assert.That(result.Random.Select(control => control.Accuracy.Worst),
            Is.EqualTo(result.Random.Select(control => control.Heads[0] == MadeEffects.CueHead ? 1.0 : 0.0)));
        Assert.That(result.Random.Select(control => control.Heads[0]).Distinct().Count(), Is.GreaterThan(2));
    }

    [Test]
    public void Run_ReadsTheSetTwice_WhateverTheNumberOfDraws()
    {
        using EffectArrays whole = MadeEffects.Create();
        using LateHeads set = new(whole, 0);
        _ = SpuriousExperiment.Run(DataSplits.ToJudge(set), MadeEffects.Classes, [MadeEffects.CueHead]);
        Assert.That(set.Reads, Is.EqualTo(2 * MadeEffects.Images));
    }

    [Test]
    public void Run_IsEvaluate_WithEveryProtocol()
    {
        using EffectArrays set = MadeEffects.Create();
        ComponentLabel[] besides = [ComponentLabel.OfMlp(0)];
        SpuriousResult result = SpuriousExperiment.Run(
            DataSplits.ToJudge(set), MadeEffects.Classes, [MadeEffects.CueHead],
                new SpuriousOptions { Protocol = SpuriousProtocol.Reference, Besides = besides, Seeds = [] });
        Assert.That(result.Besides, Is.EqualTo(SpuriousCue.ReferenceProtocol(set)), "the protocol's own MLP is named once");
        GroupAccuracy expected = SpuriousCue.Evaluate(
            set, MadeEffects.Classes, EffectMeans.Of(set), [MadeEffects.CueHead, .. SpuriousCue.ReferenceProtocol(set)]);
        Assert.That(result.Replaced.Groups, Is.EqualTo(expected.Groups));
    }

    [Test]
    public void SingleHeads_OfLayersKnownBySumOnly_AreRefusedEverywhere()
    {
        using EffectArrays whole = MadeEffects.Create();
        using LateHeads set = new(whole, 2);
        ComponentLabel early = ComponentLabel.OfHead(1, 0);
        EffectMeans means = EffectMeans.Of(set);
        Assert.That(() => MeanAblation.Evaluate(set, MadeEffects.Classes, means, [early]), Throws.ArgumentException.With.Message.Contains("sum"));
        Assert.That(() => MeanAblation.Accuracies(set, MadeEffects.Classes, means, [[], [early]]), Throws.ArgumentException);
        Assert.That(() => SpuriousCue.Evaluate(set, MadeEffects.Classes, means, [early]), Throws.ArgumentException);
        Assert.That(() => SpuriousExperiment.Run(DataSplits.ToJudge(set), MadeEffects.Classes, [early]), Throws.ArgumentException);
        Assert.That(SpuriousCue.Contrast(set, MadeEffects.Classes).Select(head => head.Head),
            Is.EqualTo((ComponentLabel[])[MadeEffects.ClassHead, MadeEffects.CueHead]));
        Assert.That(Enumerable.Range(0, 30).SelectMany(seed => SpuriousCue.RandomHeads(set, 1, seed)).Select(head => head.Layer), Is.All.EqualTo(2));
        Assert.That(() => SpuriousCue.RandomHeads(set, 3, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => HeadChoice.ByContrast(set, MadeEffects.Classes, 3), Throws.InstanceOf<ArgumentOutOfRangeException>());
        // Whole layers are sums that the set knows.
        ComponentLabel[] layer = ComponentLabel.Match("L1.*", MadeEffects.Layers, MadeEffects.Heads);
        Assert.That(MeanAblation.Accuracies(set, MadeEffects.Classes, means, [layer]),
            Is.EqualTo(MeanAblation.Accuracies(whole, MadeEffects.Classes, EffectMeans.Of(whole), [layer])));
    }

    [Test]
    public void RandomHeads_OfAWholeSet_AreThoseDrawnSoFar()
    {
        using EffectArrays set = MadeEffects.Create();
        Assert.That(SpuriousCue.RandomHeads(set, 3, 9), Is.EqualTo(SpuriousCue.RandomHeads(MadeEffects.Layers, MadeEffects.Heads, 3, 9)));
    }

    [Test]
    public void ByContrast_FindsTheHeadOfTheCue_AndPassesOverImagesWithoutLabels()
    {
        using EffectArrays set = MadeEffects.Create();
        Assert.That(HeadChoice.ByContrast(set, MadeEffects.Classes, 1), Is.EqualTo((ComponentLabel[])[MadeEffects.CueHead]));
        Assert.That(HeadChoice.ByContrast(set, MadeEffects.Classes, MadeEffects.Layers * MadeEffects.Heads)[^1], Is.EqualTo(MadeEffects.ClassHead),
            "what the class needs comes last");
        set.Labels![3] = -1;
        set.Attributes![4] = -1;
        HeadContrast cue = SpuriousCue.Contrast(set, MadeEffects.Classes).Single(head => head.Head == MadeEffects.CueHead);
        Assert.That((cue.Attribute, cue.Class),
            Is.EqualTo((4.0, 0.0)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 0.05 && Math.Abs(a.Item2 - b.Item2) < 0.05));
    }

    [Test]
    public void ByKeywords_CountsTheFirstTextsThatHoldAWord()
    {
        TextPool pool = new("pool", ["a Forest at dawn", "a bird", "deep water", "a lake", "a red car", "the sea shore"]);
        TextSpanResult Span(params int[] indices) => new(indices, [], [], [], [], 1);
        Dictionary<ComponentLabel, TextSpanResult> spans = new()
        {
            [MadeEffects.ClassHead] = Span(1, 4, 0, 2, 3),
            [MadeEffects.CueHead] = Span(0, 2, 3, 5, 1),
        };
        Assert.That(HeadChoice.ByKeywords(spans, pool, ["forest", "WATER", "lake", "shore"], least: 4), Is.EqualTo((ComponentLabel[])[MadeEffects.CueHead]));
        Assert.That(HeadChoice.ByKeywords(spans, pool, ["forest", "water"], least: 2, texts: 2), Is.EqualTo((ComponentLabel[])[MadeEffects.CueHead]));
        Assert.That(HeadChoice.ByKeywords(spans, pool, ["mountain"], least: 1), Is.Empty);
        Assert.That(() => HeadChoice.ByKeywords(spans, pool, []), Throws.ArgumentException);
        Assert.That(() => HeadChoice.ByKeywords(spans, new TextPool("small", ["one"]), ["one"]),
            Throws.ArgumentException.With.Message.Contains("another pool"));
    }

    [TestCase("train", "val", "test")]
    [TestCase("0", "1", "2")]
    [TestCase("Train", "Validation", " TEST ")]
    public void Splits_OfTheSet_ChooseOnValidation_AndJudgeOnTest_NeverOnTraining(string train, string validation, string test)
    {
        using EffectArrays set = MadeEffects.Create(SplitsOf(image => (image % 3) switch { 0 => train, 1 => validation, _ => test }));
        DataSplits judged = DataSplits.ToJudge(set), chosen = DataSplits.ToChooseAndJudge(set);
        Assert.That(judged.Judged.Labels,
            Is.EqualTo(Enumerable.Range(0, MadeEffects.Images).Where(image => image % 3 == 2).Select(image => set.Labels![image])));
        Assert.That((judged.Validation, judged.Source, judged.HasOwnSplits), Is.EqualTo(((EffectSet?)null, ValidationSource.None, true)));
        Assert.That(chosen.Judged.ImageCount, Is.EqualTo(judged.Judged.ImageCount));
        Assert.That(chosen.Validation!.Attributes,
            Is.EqualTo(Enumerable.Range(0, MadeEffects.Images).Where(image => image % 3 == 1).Select(image => set.Attributes![image])));
        Assert.That(chosen.ToString(), Is.EqualTo($"chosen on the 27 images of the validation split, judged on the 26 of the test split"));
    }

    [Test]
    public void Splits_WithoutValidation_HalveEachGroup_AndLeaveTrainingOut()
    {
        using EffectArrays set = MadeEffects.Create(SplitsOf(image => image < 40 ? "0" : "2"));
        DataSplits splits = DataSplits.ToChooseAndJudge(set, seed: 5);
        Assert.That(splits.Source, Is.EqualTo(ValidationSource.HalfOfEachGroup));
        Assert.That(splits.Judged.ImageCount + splits.Validation!.ImageCount, Is.EqualTo(40));
        int[] Groups(EffectSet of) => [.. of.Labels!.Zip(of.Attributes!, (label, attribute) => (label * 2) + attribute).GroupBy(group => group)
            .OrderBy(group => group.Key).Select(group => group.Count())];
        Assert.That(Groups(splits.Validation), Is.EqualTo((int[])[7, 2, 2, 7]));
        Assert.That(Groups(splits.Judged), Is.EqualTo((int[])[8, 3, 3, 8]));
        Assert.That(DataSplits.ToChooseAndJudge(set, seed: 6).Judged.Labels, Has.Length.EqualTo(22));
    }

    [Test]
    public void Splits_WithoutTest_AreRefused()
    {
        using EffectArrays training = MadeEffects.Create(SplitsOf(_ => "train"));
        Assert.That(() => DataSplits.ToJudge(training), Throws.TypeOf<DataSetException>().With.Message.Contains("train").And.Message.Contains("none for test"));
        Assert.That(() => DataSplits.ToChooseAndJudge(training), Throws.TypeOf<DataSetException>());
        using EffectArrays set = MadeEffects.Create();
        using EffectSubset lonely = new(set, [0, 1, 2, 3, 4]);
        Assert.That(() => DataSplits.ToChooseAndJudge(lonely), Throws.TypeOf<DataSetException>().With.Message.Contains("group"));
    }

    [Test]
    public void Run_WithoutGroupsOrHeads_SaysWhatIsMissing()
    {
        using EffectArrays set = MadeEffects.Create();
        Assert.That(() => SpuriousExperiment.Run(DataSplits.ToJudge(set), MadeEffects.Classes, []), Throws.ArgumentException);
        using EffectArrays bare = new(new float[2 * 3 * 2 * 6], new float[2 * 4 * 6], null, 3, 2, 6) { Labels = [0, 1] };
        Assert.That(() => SpuriousExperiment.Run(DataSplits.ToJudge(bare), MadeEffects.Classes, [MadeEffects.CueHead]),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("attribute"));
    }
}
