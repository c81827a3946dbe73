using ClipCore.Safetensors;

namespace ClipCore.Model;

/// <summary>A matrix [outputs, inputs] and its bias [outputs]: y = W x + b.</summary>
sealed record LinearWeights(TensorView Weight, TensorView Bias);

/// <summary>Gain and bias of a LayerNorm, both [width].</summary>
sealed record NormWeights(TensorView Weight, TensorView Bias);

/// <summary>The map from a tower's width to the shared space.</summary>
/// <param name="Weight">[width, embed], or [embed, width] when <paramref name="Transposed"/>.</param>
/// <param name="Transposed">Whether each row makes one output, as in a linear layer; else each row belongs to one input.</param>
/// <param name="Bias">[embed]; almost always null.</param>
sealed record ProjectionWeights(TensorView Weight, bool Transposed, TensorView? Bias);

/// <summary>One transformer block, the same in both towers and all dialects.</summary>
/// <param name="Norm1">Before the attention.</param>
/// <param name="Query">[width, width]; the rows of head h are h·headWidth and following.</param>
/// <param name="Key">[width, width].</param>
/// <param name="Value">[width, width].</param>
/// <param name="Out">[width, width]: from the heads side by side back to the residual stream.</param>
/// <param name="Norm2">Before the MLP.</param>
/// <param name="Fc1">[mlp, width].</param>
/// <param name="Fc2">[width, mlp].</param>
sealed record BlockWeights(NormWeights Norm1, LinearWeights Query, LinearWeights Key, LinearWeights Value, LinearWeights Out, NormWeights Norm2, LinearWeights Fc1, LinearWeights Fc2);

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

/// <summary>The text tower.</summary>
sealed record TextWeights : TowerWeights
{
    /// <summary>[vocabulary, width].</summary>
    public required TensorView TokenEmbedding { get; init; }
}
