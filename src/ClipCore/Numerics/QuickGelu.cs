using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>f(x) = x · σ(1.702 x): OpenAI's checkpoints.</summary>
readonly struct QuickGelu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        TLanes.Multiply(x, Elementary.Sigmoid<TLanes, TVec>(TLanes.Multiply(x, TLanes.Fill(1.702f))));
}
