using ClipCore.Memory;

namespace ClipCore.Decomposition;

/// <summary>Constants in use by a call, and the directions they come from kept alive until it ends.</summary>
readonly ref struct BasisUse(EffectBasis basis, UseCount.Use directions)
{
    readonly UseCount.Use _directions = directions;

    public EffectBasis Value => basis;

    public void Dispose() => _directions.Dispose();
}
