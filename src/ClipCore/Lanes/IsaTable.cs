using System.Runtime.Intrinsics;

namespace ClipCore.Lanes;

/// <summary>The one place that asks which register widths the machine has. Safe for many threads.</summary>
public static class IsaTable
{
    /// <summary>Widths in the order of preference: the first that the machine has is used.</summary>
    /// <remarks>Wider is faster wherever measured, since the same tile fills the ports with half the instructions; scalar code comes last.</remarks>
    static readonly (Isa Isa, bool Accelerated)[] s_order =
    [
        (Isa.Vector512, Vector512.IsHardwareAccelerated),
        (Isa.Vector256, Vector256.IsHardwareAccelerated && HasFusedMultiplyAdd),
        (Isa.Vector128, Vector128.IsHardwareAccelerated && HasFusedMultiplyAdd),
        // Without FMA every multiply-add is a call, whatever the width: scalar code at least makes no detour through memory.
        (Isa.Scalar, true),
    ];

    static bool HasFusedMultiplyAdd =>
        System.Runtime.Intrinsics.X86.Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    /// <summary>Every width, the preferred first. All of them run on every machine: the compiler emulates what the processor lacks.</summary>
    public static ReadOnlySpan<Isa> All => [Isa.Vector512, Isa.Vector256, Isa.Vector128, Isa.Scalar];

    /// <summary>The width to use: <c>CLIPCORE_ISA</c> (512, 256, 128 or 1) where set, or else the first that the machine has.</summary>
    /// <exception cref="ArgumentException">The variable holds something else.</exception>
    public static Isa Default
    {
        get
        {
            string? forced = Environment.GetEnvironmentVariable("CLIPCORE_ISA");
            if (!string.IsNullOrEmpty(forced))
                return forced switch
                {
                    "512" => Isa.Vector512,
                    "256" => Isa.Vector256,
                    "128" => Isa.Vector128,
                    "1" => Isa.Scalar,
                    _ => throw new ArgumentException(
                        $"The environment variable CLIPCORE_ISA is '{forced}': set it to 512, 256, 128 or 1, or unset it."),
                };
            foreach ((Isa isa, bool accelerated) in s_order)
                if (accelerated)
                    return isa;
            return Isa.Scalar;
        }
    }

    /// <summary>Whether the machine runs a width in hardware; any other is emulated: right, but slow.</summary>
    /// <param name="isa">The width.</param>
    public static bool IsAccelerated(Isa isa)
    {
        foreach ((Isa listed, bool accelerated) in s_order)
            if (listed == isa)
                return accelerated;
        return false;
    }
}
