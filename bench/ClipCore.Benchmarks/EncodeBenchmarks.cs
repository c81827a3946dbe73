using BenchmarkDotNet.Attributes;
using ClipCore.Lanes;
using ClipCore.Model;

namespace ClipCore.Benchmarks;

/// <summary>The whole image encoder, from pixels to representations.</summary>
// A batch of eight through ViT-L/14 takes seconds: three of them tell enough.
[WarmupCount(1), IterationCount(3)]
public class EncodeBenchmarks : TeamWorkload
{
    // Operations of an image, noted while the model is there: the columns ask when it is gone.
    static readonly Dictionary<string, double> s_flops = [];

    ClipModel _model = null!;
    float[] _pixels = [], _representations = [];

    /// <summary>The architecture; the weights are random.</summary>
    [Params("ViT-B-32", "ViT-B-16", "ViT-L-14", Priority = 0)]
    public string Model { get; set; } = "";

    /// <summary>Images of a call.</summary>
    [Params(1, 8, Priority = 1)]
    public int Batch { get; set; }

    /// <inheritdoc/>
    public override bool IsWanted => IsPreferred || (Model == "ViT-B-32" && Batch == 1);

    /// <summary>Loads the model.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _model = RandomModels.Load(Model, Isa, Threads);
        _pixels = RandomModels.Pixels(_model, Batch);
        _representations = new float[Batch * _model.EmbedWidth];
        s_flops[Model] = FlopCount.Image(_model.Config.Vision!, _model.EmbedWidth);
    }

    /// <summary>Frees it.</summary>
    [GlobalCleanup]
    public void Cleanup() => _model.Dispose();

    /// <summary>Encodes a batch.</summary>
    [Benchmark(Description = "encode")]
    public void Encode() => _model.EncodeImages(_pixels, _representations);

    /// <summary>Only the arithmetic that can't be left out.</summary>
    internal override double Flops(string method) => Batch * s_flops.GetValueOrDefault(Model);
}
