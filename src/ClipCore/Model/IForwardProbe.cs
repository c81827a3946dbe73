using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>What a forward pass lets you see. The probe is a type argument: with <see cref="NoProbe"/> every trace of it compiles away.</summary>
interface IForwardProbe
{
    /// <summary>Whether the last layer runs for every token (only the pooled one matters for the representation).</summary>
    static abstract bool AllTokens { get; }

    /// <summary>The residual stream before the first layer (0) and after each layer. [tokens × width]; after the last layer, unless
    /// <see cref="AllTokens"/>, of the pooled tokens only. [sequences × width]</summary>
    void Residual(int layer, MatrixView residual);

    /// <summary>The residual stream of a layer between attention and MLP; of which tokens, as in <see cref="Residual"/>.</summary>
    void Middle(int layer, MatrixView residual);

    /// <summary>Where the attention of a layer keeps its patterns and weighted values.</summary>
    PatternSinks Patterns(int layer);

    /// <summary>The pooled tokens' heads side by side, before the output matrix: row <paramref name="rows"/>[s] for sequence s. [· × width]</summary>
    void Z(int layer, MatrixView z, ReadOnlySpan<int> rows);

    /// <summary>Where to keep what the MLP of a layer adds to the pooled tokens. [sequences × width], or null</summary>
    unsafe float* MlpOut(int layer, out int stride);
}
