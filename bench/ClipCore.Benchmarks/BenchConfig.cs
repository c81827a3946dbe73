using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;
using Perfolizer.Horology;

namespace ClipCore.Benchmarks;

/// <summary>How everything is measured: one short job in this process, medians, and the columns that all tables share.</summary>
static class BenchConfig
{
    /// <summary>A product of ViT-B/16 takes milliseconds: 100 of them hold enough calls that the clock and the tiers of the compiler do not matter.</summary>
    const int IterationMs = 100;

    // The default of five minutes would end the slowest case, a scalar build under an emulator; nothing here hangs.
    static readonly TimeSpan s_timeout = TimeSpan.FromHours(2);

    /// <summary>The configuration; options of the command line (such as <c>--iterationCount 15</c>) change its job.</summary>
    /// <param name="logger">Where BenchmarkDotNet tells what it does; the console by default.</param>
    public static IConfig Create(ILogger? logger = null) => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(new InProcessEmitToolchain(s_timeout, logOutput: false))
            .WithWarmupCount(2).WithIterationCount(5).WithMinInvokeCount(1).WithUnrollFactor(1).WithIterationTime(TimeInterval.FromMilliseconds(IterationMs))
            .WithEvaluateOverhead(false).AsDefault())
        .AddColumn(TargetMethodColumn.Method)
        .AddColumnProvider(DefaultColumnProviders.Params)
        .AddColumn(new MsColumn(), new RateColumn(), new ShareColumn(), BaselineRatioColumn.RatioMean, new AllocatedColumn())
        .AddFilter(new SimpleFilter(benchmark => Workload.Of(benchmark)?.IsWanted ?? true))
        .AddValidator(JitOptimizationsValidator.FailOnError)
        .AddExporter(MarkdownExporter.GitHub)
        .AddLogger(logger ?? ConsoleLogger.Default)
        .WithOrderer(new DeclaredOrder())
        .WithArtifactsPath(Path.Combine(Repository.Root, "artifacts", "benchmarks"));
}
