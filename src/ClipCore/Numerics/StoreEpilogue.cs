using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

readonly struct StoreEpilogue : IEpilogue
{
    public static bool ReadsDestination => false;
    public static bool HasBias => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec sumWithBias, TVec destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => sumWithBias;
}
