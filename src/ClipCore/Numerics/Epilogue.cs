namespace ClipCore.Numerics;

/// <summary>What happens to a finished sum before it is stored.</summary>
enum Epilogue
{
    /// <summary>destination = sum</summary>
    Store,

    /// <summary>destination = sum + bias</summary>
    Bias,

    /// <summary>destination = GELU(sum + bias), with the error function.</summary>
    BiasGelu,

    /// <summary>destination = QuickGELU(sum + bias)</summary>
    BiasQuickGelu,

    /// <summary>destination = GELU(sum + bias), with the hyperbolic tangent.</summary>
    BiasGeluTanh,

    /// <summary>destination += sum + bias</summary>
    BiasResidual,
}
