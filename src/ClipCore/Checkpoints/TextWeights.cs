using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>The text tower.</summary>
sealed record TextWeights : TowerWeights
{
    /// <summary>[vocabulary, width].</summary>
    public required TensorView TokenEmbedding { get; init; }
}
