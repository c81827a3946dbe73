using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>f(x) = x</summary>
readonly struct Identity : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged => x;
}
