using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>f(x) = x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))</summary>
readonly struct GeluTanh : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged
    {
        TVec cubic = TLanes.MultiplyAdd(TLanes.Multiply(TLanes.Multiply(x, x), x), TLanes.Fill(0.044715f), x);
        TVec half = TLanes.Multiply(x, TLanes.Fill(0.5f));
        return TLanes.MultiplyAdd(half, Elementary.Tanh<TLanes, TVec>(TLanes.Multiply(cubic, TLanes.Fill(0.797884561f))), half);
    }
}
