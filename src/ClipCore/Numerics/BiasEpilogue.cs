using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>f(sum + bias) with an activation, or with the identity.</summary>
readonly struct BiasEpilogue<TActivation> : IEpilogue where TActivation : struct, IActivation
{
    public static bool ReadsDestination => false;
    public static bool HasBias => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec sumWithBias, TVec destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => TActivation.Invoke<TLanes, TVec>(sumWithBias);
}
