using ClipCore.Lanes;

namespace ClipCore.Numerics;

/// <summary>The activation of an MLP, as a type, so that it is compiled into the product's epilogue.</summary>
interface IActivation
{
    static abstract TVec Invoke<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : unmanaged;
}
