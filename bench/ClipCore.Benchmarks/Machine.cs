using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ClipCore.Benchmarks;

/// <summary>The machine that was measured.</summary>
static partial class Machine
{
    const string CpuInfo = "/proc/cpuinfo";

    /// <summary>The processor's own name, or its architecture where it tells none.</summary>
    public static string Processor { get; } = Read();

    /// <summary>The name as a folder's: small letters and digits, such as <c>amd-epyc</c>.</summary>
    public static string Slug => Others().Replace(Marks().Replace(Processor, " ").ToLowerInvariant(), "-").Trim('-');

    static string Read()
    {
        string? line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() is { Length: > 0 } name ? name : RuntimeInformation.ProcessArchitecture.ToString();
    }

    [GeneratedRegex(@"\((R|TM)\)|\bCPU\b|\bProcessor\b")]
    private static partial Regex Marks();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
