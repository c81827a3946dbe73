using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>The activation of an MLP, as a type, so that it is compiled into the product's epilogue.</summary>
interface IActivation
{
    static abstract TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged;
}

/// <summary>f(x) = x</summary>
readonly struct Identity : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged => x;
}

/// <summary>f(x) = x Φ(x) = x/2 · (1 + erf(x/√2)), 0 below −6, where it is above −6e-9: LAION's and DataComp's checkpoints.</summary>
readonly struct Gelu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        TLanes.Select(
            TLanes.LessThan(x, TLanes.Fill(-6f)), TLanes.Zero, TLanes.Multiply(x, Elementary.NormalDistribution<TLanes, TVec>(x)));
}

/// <summary>f(x) = x · σ(1.702 x): OpenAI's checkpoints.</summary>
readonly struct QuickGelu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged =>
        TLanes.Multiply(x, Elementary.Sigmoid<TLanes, TVec>(TLanes.Multiply(x, TLanes.Fill(1.702f))));
}

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
