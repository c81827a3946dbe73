using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ClipCore.Cli;

/// <summary>
/// The choice of the right native build. A native binary is compiled for one instruction set; the plain one (x86-64-v2) looks at the processor and hands
/// over to <c>clipcore-v4</c> or <c>clipcore-v3</c> beside it, where they are and the processor can run them.
/// </summary>
static partial class Launcher
{
    const string NoHandOver = "CLIPCORE_NO_HANDOVER";

    /// <summary>Hands over to a better build; returns only where there is none.</summary>
    /// <returns>The other build's exit code where it ran as a child (Windows), or null.</returns>
    public static int? HandOver(string[] args)
    {
        // Just-in-time code uses what the processor has; so do builds for AVX2 and up, and ARM64 has one build.
        if (RuntimeFeature.IsDynamicCodeSupported || RuntimeInformation.ProcessArchitecture != Architecture.X64 || Vector256.IsHardwareAccelerated
            || Environment.GetEnvironmentVariable(NoHandOver) is { Length: > 0 } || Environment.ProcessPath is not { } self)
            return null;
        foreach (string level in Levels())
        {
            string path = Path.Combine(Path.GetDirectoryName(self)!, $"clipcore-{level}{Path.GetExtension(self)}");
            if (File.Exists(path))
                return Run(path, args);
        }
        return null;
    }

    /// <summary>Which levels of x86-64 the processor and the system support, the best first. Source: the x86-64 psABI's micro-architecture levels.</summary>
    static IEnumerable<string> Levels()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
            yield break;
        (_, _, int ecx1, _) = X86Base.CpuId(1, 0);
        (_, int ebx7, _, _) = X86Base.CpuId(7, 0);
        const int Fma = 1 << 12, Movbe = 1 << 22, OsXsave = 1 << 27, Avx = 1 << 28, F16c = 1 << 29;
        const int Bmi1 = 1 << 3, Avx2 = 1 << 5, Bmi2 = 1 << 8;
        const int Avx512 = (1 << 16) | (1 << 17) | (1 << 28) | (1 << 30) | (1 << 31);
        const int Leaf1 = Fma | Movbe | OsXsave | Avx | F16c, Leaf7 = Bmi1 | Avx2 | Bmi2;
        if ((ecx1 & Leaf1) != Leaf1 || (ebx7 & Leaf7) != Leaf7)
            yield break;
        if ((ebx7 & Avx512) == Avx512)
            yield return "v4";
        yield return "v3";
    }

    static int? Run(string path, string[] args)
    {
        if (!OperatingSystem.IsWindows())
        {
            string?[] all = [path, .. args, null];
            // Returns only when it failed; then this build does the work itself.
            _ = Execute(path, all);
            return null;
        }
        ProcessStartInfo start = new(path) { UseShellExecute = false };
        foreach (string argument in args)
            start.ArgumentList.Add(argument);
        using Process? child = Process.Start(start);
        if (child == null)
            return null;
        child.WaitForExit();
        return child.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] args);
}
