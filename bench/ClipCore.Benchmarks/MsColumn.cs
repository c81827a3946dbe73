using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ClipCore.Benchmarks;

/// <summary>The median of a call's time.</summary>
sealed class MsColumn() : NumberColumn("ms", "milliseconds of a call, median", 0)
{
    protected override string Value(BenchmarkReport report, BenchmarkCase benchmark) => Digits(Seconds(report) * 1e3);
}
