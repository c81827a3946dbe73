using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;
using ClipCore.Lanes;

namespace ClipCore.Benchmarks;

/// <summary>A benchmark that says how much arithmetic it does, for the columns of rate and share of peak, and over which register widths it runs.</summary>
public abstract class Workload
{
    /// <summary>Bits of a register: what the machine has in hardware, and 1 for scalar code.</summary>
    [ParamsSource(nameof(AllBits), Priority = 10)]
    public int Bits { get; set; }

    /// <summary>Values of <see cref="Bits"/>.</summary>
    public static IEnumerable<int> AllBits => FmaPeaks.Widths.Select(isa => (int)isa);

    /// <summary>Whether this combination of parameters is worth its time.</summary>
    public virtual bool IsWanted => true;

    /// <summary>Threads that work at once.</summary>
    internal virtual int ThreadCount => 1;

    /// <summary>The register width.</summary>
    internal Isa Isa => (Isa)Bits;

    /// <summary>Whether the width is the one that a model takes on this machine.</summary>
    internal bool IsPreferred => Isa == IsaTable.Default;

    /// <summary>Floating-point operations of one call; a fused multiply-add is two. 0 where a count says nothing.</summary>
    /// <param name="method">The benchmark's method.</param>
    internal abstract double Flops(string method);

    /// <summary>The workload of a benchmark with its parameters, not set up; null for one that has no count.</summary>
    internal static Workload? Of(BenchmarkCase benchmark) => Instance(benchmark) as Workload;

    /// <summary>The object of a benchmark with its parameters, not set up.</summary>
    internal static object Instance(BenchmarkCase benchmark)
    {
        object instance = Activator.CreateInstance(benchmark.Descriptor.Type)!;
        foreach (ParameterInstance parameter in benchmark.Parameters.Items)
            benchmark.Descriptor.Type.GetProperty(parameter.Name, BindingFlags.Public | BindingFlags.Instance)!.SetValue(instance, parameter.Value);
        return instance;
    }
}
