using ClipCore.Lanes;

namespace ClipCore.Tests.Oracle;

/// <summary>An operation on a row, generic over the lanes, as a type.</summary>
unsafe interface IRowOperation
{
    static abstract void Run<TLanes, TVec>(float* x, float* y, float* z, int length, float* destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged;
}
