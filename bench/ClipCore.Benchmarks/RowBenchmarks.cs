using BenchmarkDotNet.Attributes;
using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Numerics;

namespace ClipCore.Benchmarks;

/// <summary>What is done row by row, in the shapes of ViT-B/16 at batch 1, on one thread.</summary>
/// <remarks>Operations are counted in the sources, comparisons but not bit patterns among them; the polynomials make most of them.</remarks>
public unsafe class RowBenchmarks : Workload
{
    const int Tokens = 197, Width = 768, MlpWidth = 3072, Heads = 12;
    const double ExpFlops = 29, NormalFlops = 51, NormFlops = 8, SoftmaxFlops = 4 + ExpFlops, GeluFlops = 3 + NormalFlops, QuickGeluFlops = 4 + ExpFlops;

    AlignedBuffer _x = null!, _destination = null!;

    /// <summary>Makes the rows.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _x = Shapes.Floats(Tokens * MlpWidth);
        _destination = Shapes.Floats(Tokens * MlpWidth);
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _x.Dispose();
        _destination.Dispose();
    }

    /// <summary>LayerNorm of the residual stream.</summary>
    [Benchmark(Description = "LayerNorm 197 × 768")]
    public void LayerNorm() => Run<LayerNormRow>(Tokens, Width);

    /// <summary>Softmax of a layer's scores.</summary>
    [Benchmark(Description = "softmax 12 × 197 × 197")]
    public void Softmax() => Run<SoftmaxRow>(Heads * Tokens, Tokens);

    /// <summary>GELU of the MLP.</summary>
    [Benchmark(Description = "GELU 197 × 3072")]
    public void Gelu() => Run<ActivationRow<Gelu>>(Tokens, MlpWidth);

    /// <summary>QuickGELU of the MLP.</summary>
    [Benchmark(Description = "QuickGELU 197 × 3072")]
    public void QuickGelu() => Run<ActivationRow<QuickGelu>>(Tokens, MlpWidth);

    internal override double Flops(string method) => method switch
    {
        nameof(LayerNorm) => NormFlops * Tokens * Width,
        nameof(Softmax) => SoftmaxFlops * Heads * Tokens * Tokens,
        nameof(Gelu) => GeluFlops * Tokens * MlpWidth,
        _ => QuickGeluFlops * Tokens * MlpWidth,
    };

    void Run<TOperation>(int rows, int length) where TOperation : struct, IRowOperation =>
        RowOperations.Run<TOperation>(Isa, _x.Data, _x.Data, rows, length, _destination.Data);
}
