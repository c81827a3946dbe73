using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>The map from a tower's width to the shared space.</summary>
/// <param name="Weight">[width, embed], or [embed, width] when <paramref name="Transposed"/>.</param>
/// <param name="Transposed">Whether each row makes one output, as in a linear layer; else each row belongs to one input.</param>
/// <param name="Bias">[embed]; almost always null.</param>
sealed record ProjectionWeights(TensorView Weight, bool Transposed, TensorView? Bias);
