using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ClipCore.Benchmarks;

/// <summary>A column of numbers that every table has.</summary>
abstract class NumberColumn(string name, string legend, int priority) : IColumn
{
    public string Id => $"ClipCore.{name}";
    public string ColumnName => name;
    public string Legend => legend;
    public bool AlwaysShow => true;
    public ColumnCategory Category => ColumnCategory.Statistics;
    public int PriorityInCategory => priority;
    public bool IsNumeric => true;
    public UnitType UnitType => UnitType.Dimensionless;

    public virtual bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        summary[benchmarkCase] is { Success: true } report ? Value(report, benchmarkCase) : "failed";

    protected abstract string Value(BenchmarkReport report, BenchmarkCase benchmark);

    /// <summary>Seconds of one call.</summary>
    protected static double Seconds(BenchmarkReport report) => report.ResultStatistics!.Median * 1e-9;

    protected static double Gflops(BenchmarkReport report, BenchmarkCase benchmark) =>
        (Workload.Of(benchmark)?.Flops(benchmark.Descriptor.WorkloadMethod.Name) ?? 0) / Seconds(report) * 1e-9;

    protected static bool HasCounts(Summary summary) =>
        summary.BenchmarksCases.Any(benchmark => Workload.Of(benchmark)?.Flops(benchmark.Descriptor.WorkloadMethod.Name) > 0);

    /// <summary>Three digits that count, at least.</summary>
    protected static string Digits(double value) => value.ToString(
        value switch { 0 => "0", >= 100 => "0", >= 10 => "0.0", >= 1 => "0.00", >= 0.1 => "0.000", >= 0.01 => "0.0000", _ => "0.00000" },
        CultureInfo.InvariantCulture);
}
