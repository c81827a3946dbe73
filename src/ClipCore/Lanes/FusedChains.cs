using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ClipCore.Lanes;

/// <summary>Chains of fused multiply-adds that never leave the registers: what the fastest code of a width could do.</summary>
static class FusedChains
{
    // As many as hide an addition's latency of four or five cycles on two or three units, and no more than the 16 registers of AVX hold beside the operands.
    const int Chains = 12;

    /// <summary>Multiplications and additions of one step.</summary>
    public static int Operations(Isa isa) => 2 * Chains * (isa switch
    {
        Isa.Vector512 => Lanes512.Count,
        Isa.Vector256 => Lanes256.Count,
        Isa.Vector128 => Lanes128.Count,
        _ => Lanes1.Count,
    });

    /// <summary>Runs steps of all chains.</summary>
    public static void Run(Isa isa, int steps)
    {
        switch (isa)
        {
            case Isa.Vector512:
                _ = Run<Lanes512, Vector512<float>>(steps);
                break;
            case Isa.Vector256:
                _ = Run<Lanes256, Vector256<float>>(steps);
                break;
            case Isa.Vector128:
                _ = Run<Lanes128, Vector128<float>>(steps);
                break;
            default:
                _ = Run<Lanes1, float>(steps);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    static TVec Run<TLanes, TVec>(int steps) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        TVec x = TLanes.Fill(0.9999f), y = TLanes.Fill(1e-5f);
        TVec a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x, a10 = x, a11 = x;
        for (int i = 0; i < steps; i++)
        {
            a0 = TLanes.MultiplyAdd(a0, x, y);
            a1 = TLanes.MultiplyAdd(a1, x, y);
            a2 = TLanes.MultiplyAdd(a2, x, y);
            a3 = TLanes.MultiplyAdd(a3, x, y);
            a4 = TLanes.MultiplyAdd(a4, x, y);
            a5 = TLanes.MultiplyAdd(a5, x, y);
            a6 = TLanes.MultiplyAdd(a6, x, y);
            a7 = TLanes.MultiplyAdd(a7, x, y);
            a8 = TLanes.MultiplyAdd(a8, x, y);
            a9 = TLanes.MultiplyAdd(a9, x, y);
            a10 = TLanes.MultiplyAdd(a10, x, y);
            a11 = TLanes.MultiplyAdd(a11, x, y);
        }
        TVec s0 = TLanes.Add(TLanes.Add(a0, a1), TLanes.Add(a2, a3)), s1 = TLanes.Add(TLanes.Add(a4, a5), TLanes.Add(a6, a7));
        return TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(TLanes.Add(a8, a9), TLanes.Add(a10, a11)));
    }
}
