using BenchmarkDotNet.Attributes;
using ClipCore.Text;

namespace ClipCore.Benchmarks;

/// <summary>The tokenizer with the demo model's vocabulary.</summary>
// The compiler needs thirty calls, and a moment, before it optimises code whose loops are many and small.
[WarmupCount(8)]
public class TokenizerBenchmarks
{
    ClipTokenizer _tokenizer = null!;
    string[] _texts = [];

    /// <summary>Reads the vocabulary and the general pool of texts.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = ClipTokenizer.Load(Repository.File("weights/demo"));
        _texts = [.. File.ReadLines(Repository.File("weights/pools/general.tsv")).Select(line => line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..])];
    }

    /// <summary>One short text.</summary>
    [Benchmark(Description = "one text of 8 words")]
    public void Text() => _tokenizer.Encode("a photo of a duck in a forest");

    /// <summary>All texts of a pool.</summary>
    [Benchmark(Description = "the general pool, 4,954 texts")]
    public void Pool()
    {
        foreach (string text in _texts)
            _tokenizer.Encode(text, 77);
    }

    /// <summary>Reads the vocabulary.</summary>
    [Benchmark(Description = "read the vocabulary")]
    public void Load() => ClipTokenizer.Load(Repository.File("weights/demo"));
}
