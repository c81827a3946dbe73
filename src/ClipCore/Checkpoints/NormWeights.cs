using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>Gain and bias of a LayerNorm, both [width].</summary>
sealed record NormWeights(TensorView Weight, TensorView Bias);
