namespace ClipCore.Checkpoints;

/// <summary>The function between the two matrices of an MLP.</summary>
public enum Activation
{
    /// <summary>x·Φ(x) with the exact normal distribution (erf).</summary>
    Gelu,

    /// <summary>x·σ(1.702 x), of all weights trained by OpenAI.</summary>
    QuickGelu,

    /// <summary>GELU with the tanh approximation of Φ.</summary>
    GeluTanh,
}
