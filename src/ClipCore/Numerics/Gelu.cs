using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>f(x) = x Φ(x) = x/2 · (1 + erf(x/√2)), 0 below −6, where it is above −6e-9: LAION's and DataComp's checkpoints.</summary>
readonly struct Gelu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        TLanes.Select(
            TLanes.LessThan(x, TLanes.Fill(-6f)), TLanes.Zero, TLanes.Multiply(x, Elementary.NormalDistribution<TLanes, TVec>(x)));
}
