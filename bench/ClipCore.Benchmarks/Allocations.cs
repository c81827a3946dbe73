using BenchmarkDotNet.Running;

namespace ClipCore.Benchmarks;

/// <summary>Managed memory that a call takes, on all threads together.</summary>
/// <remarks>
/// BenchmarkDotNet's own diagnoser counts whatever its process allocates meanwhile: some kilobytes at random moments, which a slow call would have to bear
/// alone. The smallest of a few calls bears none of it.
/// </remarks>
static class Allocations
{
    const int WarmUps = 2, Calls = 3;

    static readonly Dictionary<BenchmarkCase, long> s_bytes = [];

    /// <summary>Bytes of a call; measured when first asked for.</summary>
    public static long Of(BenchmarkCase benchmark) => s_bytes.TryGetValue(benchmark, out long bytes) ? bytes : s_bytes[benchmark] = Measure(benchmark);

    static long Measure(BenchmarkCase benchmark)
    {
        object instance = Workload.Instance(benchmark);
        benchmark.Descriptor.GlobalSetupMethod?.Invoke(instance, null);
        try
        {
            Action call = benchmark.Descriptor.WorkloadMethod.CreateDelegate<Action>(instance);
            for (int i = 0; i < WarmUps; i++)
                call();
            long least = long.MaxValue;
            for (int i = 0; i < Calls; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                call();
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }
            return least;
        }
        finally
        {
            benchmark.Descriptor.GlobalCleanupMethod?.Invoke(instance, null);
        }
    }
}
