using System.Collections.Immutable;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace ClipCore.Benchmarks;

/// <summary>Rows in the order in which methods and parameters are declared, not by their names.</summary>
sealed class DeclaredOrder() : DefaultOrderer(SummaryOrderPolicy.Declared, MethodOrderPolicy.Declared)
{
    public override IEnumerable<BenchmarkCase> GetExecutionOrder(
        ImmutableArray<BenchmarkCase> benchmarksCase, IEnumerable<BenchmarkLogicalGroupRule>? order = null) => Grouped(benchmarksCase);

    public override IEnumerable<BenchmarkCase> GetSummaryOrder(ImmutableArray<BenchmarkCase> benchmarksCases, Summary summary) => Grouped(benchmarksCases);

    /// <summary>Where there is a baseline, all that are compared with it stand below it.</summary>
    IEnumerable<BenchmarkCase> Grouped(ImmutableArray<BenchmarkCase> cases) =>
        cases.GroupBy(benchmark => GetLogicalGroupKey(cases, benchmark)).SelectMany(group => group);
}
