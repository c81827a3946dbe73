using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>An epilogue for one register: a type, so that it is compiled into the loop that stores.</summary>
interface IEpilogue
{
    /// <summary>Whether the value that the destination holds takes part.</summary>
    static abstract bool ReadsDestination { get; }

    /// <summary>Whether the bias takes part.</summary>
    static abstract bool HasBias { get; }

    static abstract TVec Invoke<TLanes, TVec>(TVec sumWithBias, TVec destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged;
}
