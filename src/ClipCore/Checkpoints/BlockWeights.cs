namespace ClipCore.Checkpoints;

/// <summary>One transformer block, the same in both towers and all dialects.</summary>
/// <param name="Norm1">Before the attention.</param>
/// <param name="Query">[width, width]; the rows of head h are h·headWidth and following.</param>
/// <param name="Key">[width, width].</param>
/// <param name="Value">[width, width].</param>
/// <param name="Out">[width, width]: from the heads side by side back to the residual stream.</param>
/// <param name="Norm2">Before the MLP.</param>
/// <param name="Fc1">[mlp, width].</param>
/// <param name="Fc2">[width, mlp].</param>
sealed record BlockWeights(NormWeights Norm1, LinearWeights Query, LinearWeights Key, LinearWeights Value,
    LinearWeights Out, NormWeights Norm2, LinearWeights Fc1, LinearWeights Fc2);
