using System.Runtime.Intrinsics;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore.Benchmarks;

/// <summary>Softmax in place, as attention does it: on scores that are small already it changes nothing in the time.</summary>
readonly unsafe struct SoftmaxRow : IRowOperation
{
    public static void Run<TLanes, TVec>(float* x, float* gain, int length, float* destination) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        RowKernels.Softmax<TLanes, TVec>(destination, length);
}
