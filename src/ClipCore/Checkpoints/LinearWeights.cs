using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>A matrix [outputs, inputs] and its bias [outputs]: y = W x + b.</summary>
sealed record LinearWeights(TensorView Weight, TensorView Bias);
