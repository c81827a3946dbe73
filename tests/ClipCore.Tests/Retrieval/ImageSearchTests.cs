using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Retrieval;
using ClipCore.Tests.Ablation;
using ClipCore.Text;

namespace ClipCore.Tests.Retrieval;

/// <summary>Searches that stream over a set, against indexes in memory and ranks by hand.</summary>
sealed class ImageSearchTests
{
    static readonly ComponentLabel[] s_part = [MadeEffects.CueHead, ComponentLabel.OfMlp(1)];

    static readonly float[] s_text = [0.5f, -0.5f, 0.5f, 0.25f, 0, 0.1f];

    [Test]
    public void Find_IsTheIndexInMemory_ForEveryKindOfTerm()
    {
        using EffectArrays set = MadeEffects.Create();
        PartIndex[] indexes = PartIndex.Build(set, [[], s_part]);
        (SearchTerm Term, double[] Scores)[] cases =
        [
            (SearchTerm.ForText("text", s_text), indexes[0].SpeakFor(s_text)),
            (SearchTerm.ForText("text", s_text, s_part), indexes[1].SpeakFor(s_text)),
            (SearchTerm.LikeImage(7), indexes[0].CompareTo(indexes[0][7])),
            (SearchTerm.LikeImage(7, s_part), indexes[1].CompareTo(indexes[1][7])),
        ];
        foreach ((SearchTerm term, double[] scores) in cases)
        {
            IReadOnlyList<FoundImage> found = ImageSearch.Find(set, [term], 9);
            Assert.That(found.Select(one => one.Image), Is.EqualTo(Ranking.Top(scores, 9, term.Image)), term.ToString());
            Assert.That(found.Select(one => one.Score), Is.EqualTo(found.Select(one => scores[one.Image])), "bit for bit");
        }
        double[] both = Ranking.Combine([cases[1].Scores, cases[3].Scores]);
        IReadOnlyList<FoundImage> compound = ImageSearch.Find(set, [cases[1].Term, cases[3].Term], 200);
        Assert.That(compound, Has.Count.EqualTo(MadeEffects.Images), "in a compound query every image may be an answer");
        Assert.That(compound.Select(one => one.Image), Is.EqualTo(Ranking.Top(both, 200)));
        Assert.That(compound[0].Terms, Is.EqualTo((double[])[cases[1].Scores[compound[0].Image], cases[3].Scores[compound[0].Image]]));
    }

    [Test]
    public void Find_ReadsASmallSetOnce_AndTheQueryImageAtMostOnceMore()
    {
        using EffectArrays whole = MadeEffects.Create();
        using LateHeads set = new(whole, 0);
        _ = ImageSearch.Find(set, [SearchTerm.LikeImage(3, s_part), SearchTerm.ForText("text", s_text)], 5);
        Assert.That(set.Reads, Is.LessThanOrEqualTo(MadeEffects.Images + 1));
    }

    [Test]
    public void LikePicture_OfAnImageOfTheSet_IsThatImage()
    {
        using ClipModel model = ClipModel.Load(TestData.Demo());
        string[] names = ["0000.png", "0002.png", "0004.png"];
        int layers = model.VisionConfig.LayerCount, heads = model.VisionConfig.HeadCount, width = model.EmbedWidth;
        List<float> attention = [], mlps = [];
        foreach (string name in names)
        {
            DirectEffects effects = model.Decompose(model.Preprocessor.Load(TestData.Demo($"data/scenes/{name}")));
            attention.AddRange(effects.AttentionValues);
            mlps.AddRange(effects.MlpValues);
        }
        using EffectArrays set = new([.. attention], [.. mlps], null, layers, heads, width) { Names = names };
        ComponentLabel[] part = ComponentLabel.Match("L5.*", layers, heads);
        SearchTerm term = SearchTerm.LikePicture(ImageSource.OfFile(TestData.Demo("data/scenes/0002.png"), "two"), model, part);
        FoundImage found = ImageSearch.Find(set, [term], 1)[0];
        Assert.That((found.Image, found.Name), Is.EqualTo((1, "0002.png")));
        Assert.That(found.Score, Is.EqualTo(1).Within(1e-12));
        Assert.That(term.ToString(), Does.StartWith("two by L5.H0 + "));
        Assert.That(() => SearchTerm.LikePicture(ImageSource.OfFile(TestData.Demo("data/scenes/0002.png")), model, [ComponentLabel.OfHead(99, 0)]),
            Throws.ArgumentException);
    }

    [Test]
    public void Recall_OfClassesAndCaptions_IsTheRankOfTheFirstRightImage()
    {
        using EffectArrays made = MadeEffects.Create();
        int[] labels = [.. Enumerable.Range(0, MadeEffects.Images).Select(image => image % 9 == 4 ? -1 : image % 3 == 0 ? 2 : 0)];
        string[] captions = [.. Enumerable.Range(0, MadeEffects.Images).Select(image => image % 5 == 0 ? "" : $"caption {image % 40}")];
        float[] heads = new float[MadeEffects.Images * 36], mlps = new float[MadeEffects.Images * 24];
        for (int image = 0; image < MadeEffects.Images; image++)
            made.Read(image, heads.AsSpan(image * 36, 36), mlps.AsSpan(image * 24, 24), []);
        using EffectArrays set = new(heads, mlps, null, 3, 2, MadeEffects.Width) { Labels = labels, Captions = captions };
        WordVectors encoder = new();
        foreach (ComponentLabel[] part in (ComponentLabel[][])[[], s_part])
        {
            PartIndex index = PartIndex.Build(set, [part])[0];
            LinearClassifier classes = new([1, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 0, 1, 0.1f, 0, 0, 0], MadeEffects.Width);
            int Rank(ReadOnlySpan<float> text, Predicate<int> isRight) => Ranks.RankOfFirst(index.SpeakFor(text), isRight);
            int[] byClass = [.. ((int[])[0, 2]).Select(c => Rank(classes.Rows.Slice(c * MadeEffects.Width, MadeEffects.Width), image => labels[image] == c))];
            AssertRecall(ImageSearch.RecallOfClasses(set, classes, part), byClass);
            string[] texts = [.. captions.Where(caption => caption.Length > 0).Distinct()];
            AssertRecall(ImageSearch.RecallOfCaptions(set, encoder, part),
                [.. texts.Select(text => Rank(encoder.Encode(text), image => captions[image] == text))]);
        }
        Assert.That(() => ImageSearch.RecallOfCaptions(made, encoder), Throws.TypeOf<InvalidDataException>().With.Message.Contains("captions"));
    }

    [Test]
    public void TermsThatDoNotFit_AreRefused()
    {
        using EffectArrays whole = MadeEffects.Create();
        using LateHeads set = new(whole, 2);
        Assert.That(() => ImageSearch.Find(set, [], 1), Throws.ArgumentException);
        Assert.That(() => ImageSearch.Find(set, [SearchTerm.LikeImage(80)], 1), Throws.ArgumentException.With.Message.Contains("80"));
        Assert.That(() => ImageSearch.Find(set, [SearchTerm.ForText("text", new float[3])], 1),
            Throws.ArgumentException.With.Message.Contains("different models"));
        Assert.That(() => ImageSearch.Find(set, [SearchTerm.LikeImage(1, [ComponentLabel.OfHead(0, 1)])], 1),
            Throws.ArgumentException.With.Message.Contains("sum"));
        Assert.That(() => PartIndex.Build(set, [[ComponentLabel.OfHead(0, 1)]]), Throws.ArgumentException.With.Message.Contains("sum"));
        Assert.That(() => SearchTerm.ForText(" ", s_text), Throws.ArgumentException);
        Assert.That(() => ImageSearch.Find(set, [SearchTerm.LikeImage(1)], 1, null, new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    static void AssertRecall(RetrievalRecall recall, int[] ranks)
    {
        Assert.That(recall.Queries, Is.EqualTo(ranks.Length));
        Assert.That(recall.Shares, Is.EqualTo(recall.Cuts.Select(cut => Ranks.RecallAt(ranks, cut))));
        Assert.That(recall.Shares[0], Is.LessThan(1), "the case must be able to fail");
    }

    /// <summary>Representations from the letters of a text.</summary>
    sealed class WordVectors : ITextEncoder
    {
        public int EmbedWidth => MadeEffects.Width;

        public float[] Encode(string text)
        {
            Random random = new(text.Aggregate(7, (sum, c) => (sum * 31) + c));
            return [.. Enumerable.Range(0, EmbedWidth).Select(_ => random.NextSingle() - 0.5f)];
        }

        public void EncodeTexts(
            IReadOnlyList<string> texts, Span<float> destination, bool normalize = true, IProgress<int>? progress = null,
                CancellationToken cancellation = default)
        {
            for (int i = 0; i < texts.Count; i++)
                Encode(texts[i]).CopyTo(destination[(i * EmbedWidth)..]);
        }
    }
}
