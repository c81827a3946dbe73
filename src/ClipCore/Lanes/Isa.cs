namespace ClipCore.Lanes;

/// <summary>A register width to run with. Results have the same bits for each; only the speed differs.</summary>
public enum Isa
{
    /// <summary>One float at a time.</summary>
    Scalar = 1,

    /// <summary>128-bit registers: SSE on x64, NEON on ARM64.</summary>
    Vector128 = 128,

    /// <summary>256-bit registers: AVX2 with FMA.</summary>
    Vector256 = 256,

    /// <summary>512-bit registers: AVX-512.</summary>
    Vector512 = 512,
}
