using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ClipCore.Benchmarks;

/// <summary>Arithmetic that is needed, per second.</summary>
sealed class RateColumn() : NumberColumn("GFLOP/s", "needed arithmetic per second, a fused multiply-add being two operations", 1)
{
    public override bool IsAvailable(Summary summary) => HasCounts(summary);

    protected override string Value(BenchmarkReport report, BenchmarkCase benchmark) =>
        Gflops(report, benchmark) is > 0 and double rate ? rate.ToString("0.0", CultureInfo.InvariantCulture) : "";
}
