using System.Runtime.CompilerServices;
using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>What happens to a finished sum before it is stored.</summary>
enum Epilogue
{
    /// <summary>destination = sum</summary>
    Store,

    /// <summary>destination = sum + bias</summary>
    Bias,

    /// <summary>destination = GELU(sum + bias), with the error function.</summary>
    BiasGelu,

    /// <summary>destination = QuickGELU(sum + bias)</summary>
    BiasQuickGelu,

    /// <summary>destination = GELU(sum + bias), with the hyperbolic tangent.</summary>
    BiasGeluTanh,

    /// <summary>destination += sum + bias</summary>
    BiasResidual,
}

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

readonly struct StoreEpilogue : IEpilogue
{
    public static bool ReadsDestination => false;
    public static bool HasBias => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec sumWithBias, TVec destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => sumWithBias;
}

/// <summary>f(sum + bias) with an activation, or with the identity.</summary>
readonly struct BiasEpilogue<TActivation> : IEpilogue where TActivation : struct, IActivation
{
    public static bool ReadsDestination => false;
    public static bool HasBias => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec sumWithBias, TVec destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => TActivation.Invoke<TLanes, TVec>(sumWithBias);
}

readonly struct ResidualEpilogue : IEpilogue
{
    public static bool ReadsDestination => true;
    public static bool HasBias => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Invoke<TLanes, TVec>(TVec sumWithBias, TVec destination)
        where TLanes : struct, ILanes<TVec> where TVec : unmanaged => TLanes.Add(destination, sumWithBias);
}
