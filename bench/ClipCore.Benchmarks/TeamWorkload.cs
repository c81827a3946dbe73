using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;

namespace ClipCore.Benchmarks;

/// <summary>A workload on one thread and on all.</summary>
public abstract class TeamWorkload : Workload
{
    /// <summary>Threads of the team.</summary>
    [ParamsSource(nameof(AllThreads), Priority = 11)]
    public int Threads { get; set; }

    /// <summary>Values of <see cref="Threads"/>.</summary>
    public static IEnumerable<int> AllThreads => FmaPeaks.ThreadCounts;

    internal override int ThreadCount => Threads;
}
