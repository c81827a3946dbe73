using BenchmarkDotNet.Attributes;
using ClipCore.EffectSets;
using ClipCore.TextSpan;

namespace ClipCore.Benchmarks;

/// <summary>TEXTSPAN for one head of ViT-B/16, from the statistics that a store keeps: 67 coordinates (a head's 64 and three of the mean's share).</summary>
public class TextSpanBenchmarks
{
    const int Coordinates = 67, Width = 512, Texts = 3498, Picks = 60, Images = 4000;

    SpanStatistics _statistics = null!;
    float[] _basis = [], _texts = [];

    /// <summary>Makes random coordinates, of which some matter more than others, as a head's do.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Random random = new(4);
        _basis = Floats(random, Coordinates * Width);
        _texts = Floats(random, Texts * Width);
        _statistics = new SpanStatistics(Coordinates);
        float[] row = new float[Coordinates];
        for (int image = 0; image < Images; image++)
        {
            for (int i = 0; i < row.Length; i++)
                row[i] = (random.NextSingle() - 0.4f) / (1 + i);
            _statistics.Add(row);
        }
    }

    /// <summary>Picks the texts.</summary>
    [Benchmark(Description = "60 of 3,498 texts for a head")]
    public void PickTexts() => TextSpanSearch.Run(_statistics, _basis, _texts, Picks);

    static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) / 10)];
}
