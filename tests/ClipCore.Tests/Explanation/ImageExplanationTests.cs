using ClipCore.Cli.Data;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Explanation;
using ClipCore.Images;
using ClipCore.Numerics;

namespace ClipCore.Tests.Explanation;

sealed class ImageExplanationTests
{
    static readonly string[] s_texts = ["a castle", "a duck in a forest", "a duck on water"];

    ClipModel _model = null!;
    DecodedImage _picture = null!;
    LinearClassifier _texts = null!;

    [OneTimeSetUp]
    public void Load()
    {
        _model = DemoModel.Load(new ClipModelOptions { Threads = 2 });
        _picture = ImageDecoder.Load(TestData.Demo("samples/duck-in-forest.png"));
        float[] rows = new float[s_texts.Length * _model.EmbedWidth];
        _model.EncodeTexts(s_texts, rows);
        _texts = new LinearClassifier(rows, _model.EmbedWidth) { Names = s_texts };
    }

    [OneTimeTearDown]
    public void Free() => _model.Dispose();

    ImageExplanation Explain(ExplanationOptions? options = null) => ImageExplanation.Create(_model, _picture, _texts, options);

    [Test]
    public void Scores_AreThoseOfTheModel_ToTheBit()
    {
        ImageExplanation explanation = Explain();
        float[] pixels = _model.Preprocessor.Load(TestData.Demo("samples/duck-in-forest.png")), image = _model.EncodeImage(pixels);
        Assert.That(explanation.Texts.Names, Is.EqualTo(s_texts));
        Assert.That(explanation.Texts.Logits, Is.EqualTo(_model.Logits(image, _texts.Rows)));
        Assert.That(explanation.Texts.Probabilities, Is.EqualTo(_model.Probabilities(image, _texts.Rows)));
        Assert.That(explanation.Texts.Probabilities.Sum(), Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void Parts_SumUpToTheCosines_InEachConvention([Values] MeanShare share)
    {
        ImageExplanation explanation = Explain(new ExplanationOptions { MeanShare = share });
        Assert.That(explanation.MeanShare, Is.EqualTo(share));
        for (int text = 0; text < s_texts.Length; text++)
        {
            double sum = explanation.Embed[text];
            for (int layer = 0; layer < explanation.LayerCount; layer++)
            {
                sum += explanation.Mlp(layer)[text];
                for (int head = 0; head < explanation.HeadCount; head++)
                {
                    double patches = explanation.ClassToken(layer, head)[text];
                    for (int patch = 0; patch < explanation.PatchCount; patch++)
                        patches += explanation.Patch(layer, head, patch)[text];
                    Assert.That(explanation.Head(layer, head)[text], Is.EqualTo(patches).Within(1e-7));
                    sum += patches;
                }
            }
            Assert.That(sum, Is.EqualTo(explanation.Cosines[text]).Within(1e-6));
        }
        Assert.That(explanation.ScoreCompleteness, Is.LessThan(1e-6f));
        Assert.That(explanation.Completeness, Is.LessThan(1e-6f));
    }

    [Test]
    public void BestCount_TakesTheMostProbable_AndCountsThemAmongAll()
    {
        ImageExplanation all = Explain(), best = Explain(new ExplanationOptions { BestCount = 2 });
        Assert.That(best.Texts.Names, Is.EqualTo((string[])["a duck in a forest", "a duck on water"]));
        Assert.That(best.Texts.CandidateCount, Is.EqualTo(3));
        Assert.That(best.Texts.Probabilities[0], Is.EqualTo(all.Texts.Probabilities[1]));
        Assert.That(Explain(new ExplanationOptions { BestCount = 99 }).TextCount, Is.EqualTo(3));
    }

    [Test]
    public void StrongestHeads_AreSortedByTheirContrast()
    {
        ImageExplanation explanation = Explain();
        HeadEffect[] heads = explanation.StrongestHeads(1, 24);
        Assert.That(heads.Select(head => head.Label).Distinct().Count(), Is.EqualTo(24));
        Assert.That(heads.Select(head => Math.Abs(head.Effect)), Is.Ordered.Descending);
        foreach ((ComponentLabel label, float effect) in heads)
        {
            ReadOnlySpan<float> effects = explanation.Head(label.Layer, label.Head);
            Assert.That(effect, Is.EqualTo(effects[1] - ((effects[0] + effects[2]) / 2)).Within(1e-6f));
        }
        Assert.That(explanation.StrongestHeads(1), Is.EqualTo(heads[..10]));
    }

    [Test]
    public void Maps_SumTheHeads()
    {
        ImageExplanation explanation = Explain();
        double[] sums = new double[explanation.PatchCount];
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            for (int head = 0; head < explanation.HeadCount; head++)
            {
                float[] map = explanation.HeadMap(layer, head, 2);
                for (int patch = 0; patch < map.Length; patch++)
                    sums[patch] += map[patch];
            }
        Assert.That(explanation.Map(2, contrast: true), Is.EqualTo(sums.Select(sum => (float)sum)).Within(1e-6f));
        Assert.That(explanation.Map(2, contrast: false), Is.Not.EqualTo(explanation.Map(2, contrast: true)));
    }

    [Test]
    public void Explaining_OnManyThreads_GivesTheSameBits()
    {
        float[] expected = Explain().Map(0, contrast: true);
        float[][] found = new float[4][];
        Thread[] threads = [.. Enumerable.Range(0, found.Length).Select(i => new Thread(() => found[i] = Explain().Map(0, contrast: true)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        foreach (float[] map in found)
            Assert.That(map, Is.EqualTo(expected));
    }

    [Test]
    public void BadArguments_AreNamed()
    {
        Assert.That(() => Explain(new ExplanationOptions { BestCount = 0 }), Throws.ArgumentException.With.Message.Contains("BestCount"));
        LinearClassifier narrow = new(new float[8], 8);
        Assert.That(() => ImageExplanation.Create(_model, _picture, narrow), Throws.ArgumentException.With.Message.Contains("same model"));
        ImageExplanation explanation = Explain();
        Assert.That(() => explanation.Attention(6).Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => explanation.Head(0, 4).Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => explanation.Patch(0, 0, 144).Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => explanation.Map(3, contrast: true), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
