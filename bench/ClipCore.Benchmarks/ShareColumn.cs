using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using ClipCore.Lanes;

namespace ClipCore.Benchmarks;

/// <summary>The rate beside what the machine could do with the same registers and threads.</summary>
sealed class ShareColumn() : NumberColumn("of peak", "share of the FMA peak with the same registers and threads", 2)
{
    public override bool IsAvailable(Summary summary) => HasCounts(summary);

    protected override string Value(BenchmarkReport report, BenchmarkCase benchmark)
    {
        Workload? workload = Workload.Of(benchmark);
        double rate = Gflops(report, benchmark);
        return rate > 0 ? (rate / FmaPeaks.Of(workload!.Isa, workload.ThreadCount)).ToString("0.0 %", CultureInfo.InvariantCulture) : "";
    }
}
