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
        Assert.That(result.Indices, Is.EqualTo(indices.Take(result.Indices.Length)));
        Assert.That(result.Indices.Length == indices.Length || result.ExplainedVariance[^1] > 1 - 1e-9, "the search ended before all was explained");
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
    public void Eigenvectors_RebuildTheirMatrix()
    {
        const int Size = 17;
        Random random = new(4);
        double[] matrix = new double[Size * Size];
        for (int i = 0; i < Size; i++)
            for (int j = 0; j <= i; j++)
                matrix[(i * Size) + j] = matrix[(j * Size) + i] = random.NextDouble() - 0.5;
        (double[] values, double[] vectors) = SymmetricEigen.Decompose((double[])matrix.Clone(), Size);
        Assert.That(values, Is.Ordered.Descending);
        for (int i = 0; i < Size; i++)
            for (int j = 0; j < Size; j++)
                Assert.That(Enumerable.Range(0, Size).Sum(k => values[k] * vectors[(k * Size) + i] * vectors[(k * Size) + j]),
                    Is.EqualTo(matrix[(i * Size) + j]).Within(1e-13));
    }

    static SpanStatistics Statistics(NpyArray<float> data)
    {
        SpanStatistics statistics = new(data.Shape[1]);
        for (int i = 0; i < data.Shape[0]; i++)
            statistics.Add(data.Data.AsSpan(i * data.Shape[1], data.Shape[1]));
        return statistics;
    }
}
