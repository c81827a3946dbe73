using System.Runtime.Intrinsics;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore.Benchmarks;

/// <summary>Normalises a row.</summary>
readonly unsafe struct LayerNormRow : IRowOperation
{
    public static void Run<TLanes, TVec>(float* x, float* gain, int length, float* destination) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        RowKernels.LayerNorm<TLanes, TVec>(x, gain, gain, length, 1e-5f, destination);
}
