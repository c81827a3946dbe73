using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>The vision tower.</summary>
sealed record VisionWeights : TowerWeights
{
    /// <summary>[width, 3·patch·patch]: the channels, then the rows, then the columns of a patch.</summary>
    public required TensorView PatchEmbedding { get; init; }

    /// <summary>[width].</summary>
    public required TensorView ClassEmbedding { get; init; }

    /// <summary><c>ln_pre</c>, before the first block.</summary>
    public required NormWeights PreNorm { get; init; }
}
