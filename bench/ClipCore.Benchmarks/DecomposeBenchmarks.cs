using BenchmarkDotNet.Attributes;
using ClipCore.Decomposition;
using ClipCore.Lanes;

namespace ClipCore.Benchmarks;

/// <summary>Decompositions of one image of ViT-B/16, beside encoding it.</summary>
public class DecomposeBenchmarks : TeamWorkload
{
    ClipModel _model = null!;
    float[] _pixels = [], _representation = [];
    DecomposeOptions? _options;
    DirectEffects? _effects;

    /// <inheritdoc/>
    public override bool IsWanted => IsPreferred;

    /// <summary>Loads the model.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _model = RandomModels.Load("ViT-B-16", Isa, Threads);
        _pixels = RandomModels.Pixels(_model, 1);
        _representation = new float[_model.EmbedWidth];
    }

    /// <summary>Frees it.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _options?.Directions?.Dispose();
        _model.Dispose();
    }

    /// <summary>No decomposition: what the others are compared with.</summary>
    [Benchmark(Description = "encode only", Baseline = true)]
    public void Encode() => _model.EncodeImages(_pixels, _representation);

    /// <summary>25 vectors.</summary>
    [Benchmark(Description = "layers")]
    public void Layers() => Decompose(EffectLevel.Layer, 0);

    /// <summary>157 vectors.</summary>
    [Benchmark(Description = "heads")]
    public void Heads() => Decompose(EffectLevel.Head, 0);

    /// <summary>28,381 parts, a number for each text.</summary>
    [Benchmark(Description = "heads × patches on 2 texts")]
    public void TwoTexts() => Decompose(EffectLevel.Patch, 2);

    /// <summary>28,381 parts, a number for each text.</summary>
    [Benchmark(Description = "heads × patches on 80 texts")]
    public void EightyTexts() => Decompose(EffectLevel.Patch, 80);

    /// <summary>28,381 vectors.</summary>
    [Benchmark(Description = "heads × patches, full")]
    public void Full() => Decompose(EffectLevel.Patch, 0);

    internal override double Flops(string method) => 0;

    /// <summary>Options and result are made by the first call, which is not measured.</summary>
    void Decompose(EffectLevel level, int texts)
    {
        _options ??= new DecomposeOptions { Level = level, Directions = texts == 0 ? null : Directions(texts) };
        _effects = _model.Decompose(_pixels, _options, _effects);
    }

    EffectDirections Directions(int texts)
    {
        Random random = new(3);
        return _model.CreateDirections([.. Enumerable.Range(0, texts * _model.EmbedWidth).Select(_ => (random.NextSingle() - 0.5f) / 10)]);
    }
}
