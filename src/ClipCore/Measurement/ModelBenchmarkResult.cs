using ClipCore.Lanes;

namespace ClipCore.Measurement;

/// <summary>What a <see cref="ModelBenchmark"/> measured. Immutable, and so safe for many threads.</summary>
public sealed record ModelBenchmarkResult
{
    /// <summary>Register width in use.</summary>
    public required Isa Isa { get; init; }

    /// <summary>Threads in use.</summary>
    public required int Threads { get; init; }

    /// <summary>Images of a pass.</summary>
    public required int Batch { get; init; }

    /// <summary>How long loading took, in seconds.</summary>
    public required double LoadSeconds { get; init; }

    /// <summary>The machine's peak of fused multiply-adds at this width on these threads, in GFLOP/s.</summary>
    public required double PeakGflops { get; init; }

    /// <summary>Time to encode an image, in milliseconds: the median of all passes.</summary>
    public required double ImageMilliseconds { get; init; }

    /// <summary>What encoding reaches, in GFLOP/s.</summary>
    public required double Gflops { get; init; }

    /// <summary>Weights in memory, in bytes.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>The process's largest working set after an encode, in bytes.</summary>
    public required long EncodePeakBytes { get; init; }

    /// <summary>The process's largest working set after decomposing too, in bytes.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>Where the time of encoding goes, in the order of the pass.</summary>
    public required IReadOnlyList<StageShare> Stages { get; init; }

    /// <summary>What decompositions cost, the coarsest first.</summary>
    public required IReadOnlyList<DecompositionCost> Decompositions { get; init; }

    /// <summary>What encoding reaches of the machine's peak, from 0 to 1.</summary>
    public double ShareOfPeak => Gflops / PeakGflops;
}
