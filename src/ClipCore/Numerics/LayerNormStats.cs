namespace ClipCore.Numerics;

/// <summary>The two numbers that turn a LayerNorm into an affine map of its input.</summary>
struct LayerNormStats
{
    /// <summary>μ: the mean of the row.</summary>
    public float Mean;

    /// <summary>1/σ with σ = √(variance + ε).</summary>
    public float InverseSigma;
}
