using ClipCore.Decomposition;
using ClipCore.Lanes;
using ClipCore.Npy;

namespace ClipCore.Tests.Model;

/// <summary>The same bits for every width, thread count, batch size and position, and on many threads at once.</summary>
[TestFixtureSource(typeof(GoldenModel), nameof(GoldenModel.All))]
sealed class DeterminismTests(GoldenModel golden)
{
    static readonly Isa[] s_widths = [Isa.Vector512, Isa.Vector256, Isa.Vector128, Isa.Scalar];

    NpyArray<float> _pixels = null!;
    Results _expected = null!;

    /// <summary>Everything that a model computes from the golden inputs, as bits.</summary>
    sealed record Results(int[] Images, int[] Texts, int[] Heads, int[] Patches, int[] Projected)
    {
        public static Results Of(ClipModel model, float[] pixels, int[][] ids)
        {
            float[] images = new float[pixels.Length / model.PixelCount * model.EmbedWidth], texts = new float[ids.Length * model.EmbedWidth];
            model.EncodeImages(pixels, images);
            model.EncodeTokens(ids, texts);
            using EffectDirections directions = model.CreateDirections(texts);
            DirectEffects heads = model.Decompose(pixels);
            DirectEffects patches = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Patch, MeanShare = MeanShare.Own });
            DirectEffects projected = model.Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Patch, Directions = directions });
            return new Results(
                Bits(images), Bits(texts), Bits([.. heads.AttentionValues, .. heads.MlpValues]), Bits(patches.AttentionValues),
                Bits([.. projected.AttentionValues, .. projected.MlpValues]));
        }

        public void AssertEqual(Results other)
        {
            Assert.That(other.Images, Is.EqualTo(Images), "image representations");
            Assert.That(other.Texts, Is.EqualTo(Texts), "text representations");
            Assert.That(other.Heads, Is.EqualTo(Heads), "head effects");
            Assert.That(other.Patches, Is.EqualTo(Patches), "patch effects");
            Assert.That(other.Projected, Is.EqualTo(Projected), "projected effects");
        }
    }

    [OneTimeSetUp]
    public void Compute()
    {
        _pixels = golden.Array("pixels");
        using ClipModel model = golden.Load(new ClipModelOptions { Isa = Isa.Scalar, Threads = 1 });
        _expected = Results.Of(model, _pixels.Data, golden.TextIds);
    }

    [Test]
    public void EveryWidth_GivesTheSameBits([ValueSource(nameof(s_widths))] Isa isa)
    {
        using ClipModel model = golden.Load(new ClipModelOptions { Isa = isa, Threads = 2 });
        _expected.AssertEqual(Results.Of(model, _pixels.Data, golden.TextIds));
    }

    [Test]
    public void EveryThreadCount_GivesTheSameBits([Values(1, 2, 3, 5, 8)] int threads)
    {
        using ClipModel model = golden.Load(new ClipModelOptions { Threads = threads });
        _expected.AssertEqual(Results.Of(model, _pixels.Data, golden.TextIds));
    }

    [Test]
    public void EveryBatchAndPosition_GivesTheSameBits([Values(1, 2, 5, 11)] int batch)
    {
        using ClipModel model = golden.Load();
        int one = model.PixelCount, e = model.EmbedWidth, count = _pixels.Data.Length / one;
        float[] pixels = new float[batch * one];
        for (int i = 0; i < batch; i++)
            _pixels.Data.AsSpan(i % count * one, one).CopyTo(pixels.AsSpan(i * one));
        float[] images = new float[batch * e];
        model.EncodeImages(pixels, images);
        for (int i = 0; i < batch; i++)
            Assert.That(Bits(images.AsSpan(i * e, e).ToArray()), Is.EqualTo(_expected.Images.AsSpan(i % count * e, e).ToArray()), $"image {i}");
    }

    [Test]
    public void TextAloneOrInABatch_PaddedOrNot_GivesTheSameBits()
    {
        using ClipModel model = golden.Load();
        int[][] ids = golden.TextIds;
        int e = model.EmbedWidth;
        for (int t = 0; t < ids.Length; t++)
        {
            int largest = Array.IndexOf(ids[t], ids[t].Max());
            float[] alone = new float[e];
            model.EncodeTokens([ids[t][..(largest + 1)]], alone);
            Assert.That(Bits(alone), Is.EqualTo(_expected.Texts.AsSpan(t * e, e).ToArray()), $"text {t}");
        }
    }

    [Test]
    public void OneModelOnManyThreads_GivesTheSameBits()
    {
        using ClipModel model = golden.Load(new ClipModelOptions { Threads = 2 });
        int[][] ids = golden.TextIds;
        Results[] results = new Results[8];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => results[i] = Results.Of(model, _pixels.Data, ids));
        foreach (Results result in results)
            _expected.AssertEqual(result);
    }

    [Test]
    public void WeightsInSixteenBits_GiveTheSameBitsForEveryWidth_AndOtherBitsOnlyWhereTheyRound(
        [Values(WeightFormat.Half, WeightFormat.BFloat16)] WeightFormat format)
    {
        Results? first = null;
        foreach (Isa isa in s_widths)
        {
            using ClipModel model = golden.Load(new ClipModelOptions { Isa = isa, Weights = format });
            Results results = Results.Of(model, _pixels.Data, golden.TextIds);
            (first ??= results).AssertEqual(results);
        }
        if (format == WeightFormat.Half && golden.ToString() == "tiny-fp16")
            _expected.AssertEqual(first!);
        else
            Assert.That(first!.Images.Zip(_expected.Images).Count(pair => pair.First != pair.Second), Is.GreaterThan(_expected.Images.Length / 2));
    }

    static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
