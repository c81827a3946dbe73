using System.Text.Json;
using ClipCore.EffectSets;
using ClipCore.Npy;
using ClipCore.TextSpan;

namespace ClipCore.Tests.TextSpan;

/// <summary>TEXTSPAN against the paper's own code.</summary>
sealed class TextSpanTests
{
    static IEnumerable<string> Cases() =>
        Directory.GetDirectories(TestData.Golden("textspan")).Select(path => Path.GetFileName(path)!).Where(name => name != "complete_text_set")
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Cases))]
    public void Picks_AreTheReferences(string name)
    {
        string folder = TestData.Golden($"textspan/{name}");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        NpyArray<float> data = NpyFile.ReadSingle(Path.Combine(folder, "data.npy")),
            reconstruction = NpyFile.ReadSingle(Path.Combine(folder, "reconstruction.npy"));
        float[] texts = NpyFile.ReadSingle(Path.Combine(folder, "texts.npy")).Data;
        int count = expected.RootElement.GetProperty("iters").GetInt32(), rank = expected.RootElement.GetProperty("rank").GetInt32();
        int[] indices = [.. expected.RootElement.GetProperty("indices").EnumerateArray().Select(index => index.GetInt32())];

        TextSpanResult result = TextSpanSearch.Run(Statistics(data), texts, count, rank, SpanRule.GivenRank);
        Assert.That(result.Indices, Is.EqualTo(indices));
        double[] left = [.. expected.RootElement.GetProperty("residual_energy_fraction_after_each_step").EnumerateArray().Select(value => value.GetDouble())];
        Assert.That(result.ExplainedVariance.Select(share => 1 - share), Is.EqualTo(left).Within(1e-13), "shares of the whole outputs, not of the span alone");
        float[] rebuilt = (float[])data.Data.Clone();
        for (int i = 0; i < data.Shape[0]; i++)
            result.Reconstruct(rebuilt.AsSpan(i * data.Shape[1], data.Shape[1]));
        for (int i = 0; i < rebuilt.Length; i++)
            Assert.That(rebuilt[i], Is.EqualTo(reconstruction.Data[i]).Within(1e-5f), $"element {i}");

        // Where the data has more directions than the rank, both rules are one.
        TextSpanResult clipped = TextSpanSearch.Run(Statistics(data), texts, count, rank);
        if (clipped.Rank == result.Rank)
            Assert.That(clipped.Indices, Is.EqualTo(result.Indices));
    }

    [Test]
    public void ExplainedVariance_GrowsToOne_AndIsWhatTheReconstructionLeaves()
    {
        NpyArray<float> data = NpyFile.ReadSingle(TestData.Golden("textspan/basic_200x32/data.npy"));
        float[] texts = NpyFile.ReadSingle(TestData.Golden("textspan/basic_200x32/texts.npy")).Data;
        SpanStatistics statistics = Statistics(data);
        TextSpanResult result = TextSpanSearch.Run(statistics, texts, 60);
        Assert.That(result.ExplainedVariance, Is.Ordered);
        double[] mean = statistics.Mean();
        double whole = 0, left = 0;
        const int Texts = 7;
        for (int i = 0; i < data.Shape[0]; i++)
        {
            float[] row = data.Data.AsSpan(i * 32, 32).ToArray(), rebuilt = (float[])row.Clone();
            result.Reconstruct(rebuilt, Texts);
            for (int j = 0; j < 32; j++)
            {
                whole += (row[j] - mean[j]) * (row[j] - mean[j]);
                left += (row[j] - (double)rebuilt[j]) * (row[j] - (double)rebuilt[j]);
            }
        }
        Assert.That(1 - (left / whole), Is.EqualTo(result.ExplainedVariance[Texts - 1]).Within(1e-5));
    }

    [Test]
    public void Statistics_InBlocks_AreThoseOfAllAtOnce()
    {
        NpyArray<float> data = NpyFile.ReadSingle(TestData.Golden("textspan/basic_200x32/data.npy"));
        SpanStatistics statistics = Statistics(data);
        double[] moment = statistics.SecondMoment();
        for (int i = 0; i < 32; i++)
            for (int j = 0; j < 32; j++)
            {
                double expected = Enumerable.Range(0, 200).Sum(k => (double)data.Data[(k * 32) + i] * data.Data[(k * 32) + j]) / 200;
                Assert.That(moment[(i * 32) + j], Is.EqualTo(expected).Within(1e-15));
            }
    }

    [Test]
    public void Run_PoolUsedUp_ReturnsFewerTexts_InPlaceOfRoundingNoise()
    {
        NpyArray<float> data = NpyFile.ReadSingle(TestData.Golden("textspan/basic_200x32/data.npy"));
        float[] all = NpyFile.ReadSingle(TestData.Golden("textspan/basic_200x32/texts.npy")).Data;
        const int Own = 5, Width = 32;
        // Each text once more, and once more with its last bits changed, as another encoder rounds.
        float[] texts = [.. all[..(Own * Width)], .. all[..(Own * Width)], .. all[..(Own * Width)].Select((value, i) => value * (1 + ((i % 3) * 1e-7f)))];
        TextSpanResult result = TextSpanSearch.Run(Statistics(data), texts, 20);
        Assert.That(result.Indices.Select(index => index % Own).Order(), Is.EqualTo(Enumerable.Range(0, Own)));
        Assert.That(result.ExplainedVariance[^1], Is.LessThan(0.9), "five texts do not explain everything");
        Assert.That(result.Directions, Has.Length.EqualTo(Own * Width));
    }

    [Test]
    public void Run_ConstantOutputs_PicksNothing()
    {
        Random random = new(2);
        const int Width = 16;
        float[] constant = [.. Enumerable.Range(0, Width).Select(_ => random.NextSingle() - 0.5f)],
            texts = [.. Enumerable.Range(0, Width * 9).Select(_ => random.NextSingle() - 0.5f)];
        SpanStatistics statistics = new(Width);
        for (int image = 0; image < 100; image++)
            statistics.Add(constant);
        TextSpanResult result = TextSpanSearch.Run(statistics, texts, 3);
        Assert.That(result.Indices, Is.Empty);
        result.Reconstruct(constant);
        Assert.That(constant[3], Is.EqualTo(result.Mean[3]).Within(1e-7), "no texts leave the mean");
    }

    [Test]
    public void ExplainedVariance_WithSmallRank_CountsWhatTheRankCutsOff()
    {
        NpyArray<float> data = NpyFile.ReadSingle(TestData.Golden("textspan/basic_200x32/data.npy"));
        float[] texts = NpyFile.ReadSingle(TestData.Golden("textspan/basic_200x32/texts.npy")).Data;
        const int Rank = 4, Width = 32;
        SpanStatistics statistics = Statistics(data);
        TextSpanResult result = TextSpanSearch.Run(statistics, texts, Rank, Rank);
        double[] mean = statistics.Mean();
        double whole = 0, left = 0;
        for (int i = 0; i < data.Shape[0]; i++)
        {
            float[] row = data.Data.AsSpan(i * Width, Width).ToArray(), rebuilt = (float[])row.Clone();
            result.Reconstruct(rebuilt);
            for (int j = 0; j < Width; j++)
            {
                whole += (row[j] - mean[j]) * (row[j] - mean[j]);
                left += (row[j] - (double)rebuilt[j]) * (row[j] - (double)rebuilt[j]);
            }
        }
        Assert.That(result.ExplainedOfSpan[^1], Is.EqualTo(1).Within(1e-12), "as many texts as the span has directions");
        Assert.That(result.ExplainedVariance[^1], Is.EqualTo(1 - (left / whole)).Within(1e-6).And.LessThan(0.9));
    }

    [Test]
    public void Run_OnCoordinates_IsRun_OnOutputs()
    {
        const int Coordinates = 11, Width = 40, Images = 300, Texts = 60, Count = 8;
        Random random = new(7);
        float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.4f)];
        float[] basis = Floats(Coordinates * Width), texts = Floats(Texts * Width), output = new float[Width];
        SpanStatistics low = new(Coordinates), dense = new(Width);
        for (int image = 0; image < Images; image++)
        {
            float[] q = Floats(Coordinates);
            low.Add(q);
            for (int j = 0; j < Width; j++)
                output[j] = (float)Enumerable.Range(0, Coordinates).Sum(i => (double)q[i] * basis[(i * Width) + j]);
            dense.Add(output);
        }
        // A rank of 6 cuts off what both must count as unexplained.
        foreach (int rank in (int[])[80, 6])
        {
            TextSpanResult first = TextSpanSearch.Run(new HeadStatistics(low, basis), texts, Count, rank),
                second = TextSpanSearch.Run(new HeadStatistics(dense, null), texts, Count, rank);
            Assert.That(first.Indices, Is.EqualTo(second.Indices), $"rank {rank}");
            Assert.That(first.ExplainedVariance, Is.EqualTo(second.ExplainedVariance).Within(1e-6), $"rank {rank}");
            Assert.That(first.ExplainedOfSpan, Is.EqualTo(second.ExplainedOfSpan).Within(1e-6), $"rank {rank}");
            Assert.That(second.Indices, Is.EqualTo(TextSpanSearch.Run(dense, texts, Count, rank).Indices));
            Assert.That(second.Rank, Is.EqualTo(Math.Min(rank, Coordinates)), "float rounding is no direction");
        }
    }

    static SpanStatistics Statistics(NpyArray<float> data)
    {
        SpanStatistics statistics = new(data.Shape[1]);
        for (int i = 0; i < data.Shape[0]; i++)
            statistics.Add(data.Data.AsSpan(i * data.Shape[1], data.Shape[1]));
        return statistics;
    }
}
