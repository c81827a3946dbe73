using ClipCore.Safetensors;

namespace ClipCore.EffectSets;

/// <summary>The tensors of an open block; null where it has no image, or does not keep them.</summary>
sealed record StoreBlock(
    SafetensorsFile File, TensorView? Z, TensorView? ClassToken, TensorView? EarlyAttention, TensorView? Shared, TensorView? Mlps,
        TensorView? Representations) : IDisposable
{
    public void Dispose() => File.Dispose();
}
