using System.Runtime.Intrinsics;
using ClipCore.Lanes;
using ClipCore.Numerics;

namespace ClipCore.Benchmarks;

/// <summary>An activation, without the product that it is part of in a model.</summary>
readonly unsafe struct ActivationRow<TActivation> : IRowOperation where TActivation : struct, IActivation
{
    public static void Run<TLanes, TVec>(float* x, float* gain, int length, float* destination) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TActivation.Invoke<TLanes, TVec>(TLanes.Load(x + i)), destination + i);
        for (; i < length; i++)
            destination[i] = TActivation.Invoke<Lanes1, float>(x[i]);
    }
}
