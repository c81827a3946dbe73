using System.Runtime.Intrinsics;
using ClipCore.Lanes;

namespace ClipCore.Benchmarks;

/// <summary>An operation on one row, generic over the lanes, as a type.</summary>
unsafe interface IRowOperation
{
    static abstract void Run<TLanes, TVec>(float* x, float* gain, int length, float* destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged;
}
