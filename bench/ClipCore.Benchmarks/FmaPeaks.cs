using ClipCore.Lanes;
using ClipCore.Measurement;
using ClipCore.Threads;

namespace ClipCore.Benchmarks;

/// <summary>The machine's peaks of fused multiply-adds, measured once, before anything else.</summary>
static class FmaPeaks
{
    static readonly Dictionary<(Isa Isa, int Threads), double> s_peaks =
        Widths.SelectMany(isa => ThreadCounts.Select(threads => (isa, threads))).ToDictionary(key => key, key => FmaPeak.Measure(key.isa, key.threads));

    /// <summary>The register widths that the machine has in hardware, and scalar code.</summary>
    public static IEnumerable<Isa> Widths => IsaTable.All.ToArray().Where(isa => IsaTable.IsAccelerated(isa) || isa == IsaTable.Default);

    /// <summary>One thread and all of them.</summary>
    public static IEnumerable<int> ThreadCounts => new[] { 1, ThreadTeam.DefaultSize }.Distinct();

    /// <summary>GFLOP/s of a width on so many threads.</summary>
    public static double Of(Isa isa, int threads) => s_peaks[(isa, threads)];
}
