using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>What both towers have.</summary>
abstract record TowerWeights
{
    /// <summary>[tokens, width].</summary>
    public required TensorView PositionEmbedding { get; init; }

    /// <summary>[layers].</summary>
    public required IReadOnlyList<BlockWeights> Blocks { get; init; }

    /// <summary>After the last block: <c>ln_post</c> or <c>ln_final</c>.</summary>
    public required NormWeights FinalNorm { get; init; }

    /// <summary>To the shared space.</summary>
    public required ProjectionWeights Projection { get; init; }
}
