using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>What a reduction does with one register; a type, so that it is compiled into the loop.</summary>
interface IReduction
{
    /// <summary>The value that fills up the last sixteen, such that it changes nothing.</summary>
    static abstract float Filler(float parameter);

    static abstract TVec Accumulate<TLanes, TVec>(TVec sum, TVec x, TVec parameter)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged;
}
