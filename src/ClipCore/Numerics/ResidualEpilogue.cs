using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

readonly struct ResidualEpilogue : IEpilogue
{
    public static bool ReadsDestination => true;
    public static bool HasBias => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec sumWithBias, TVec destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => TLanes.Add(destination, sumWithBias);
}
