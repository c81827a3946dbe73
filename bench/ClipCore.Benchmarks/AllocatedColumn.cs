using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ClipCore.Benchmarks;

/// <summary>Managed memory that a call takes.</summary>
sealed class AllocatedColumn() : NumberColumn("allocated", "bytes of managed memory that a call takes, on all threads", 9)
{
    protected override string Value(BenchmarkReport report, BenchmarkCase benchmark) =>
        $"{Allocations.Of(benchmark).ToString("#,0", CultureInfo.InvariantCulture)} B";
}
