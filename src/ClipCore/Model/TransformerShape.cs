using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>Sizes of a stack of transformer blocks.</summary>
/// <param name="Width">Floats of a token (d).</param>
/// <param name="HeadCount">Heads of a layer (H).</param>
/// <param name="LayerCount">Layers (L).</param>
/// <param name="MlpWidth">Hidden width of the MLPs.</param>
/// <param name="Activation">The MLPs' activation, with the bias before it.</param>
/// <param name="Epsilon">Of every LayerNorm.</param>
/// <param name="Causal">Whether a token sees only itself and what comes before it.</param>
sealed record TransformerShape(
    int Width, int HeadCount, int LayerCount, int MlpWidth, Epilogue Activation, float Epsilon, bool Causal)
{
    public int HeadWidth => Width / HeadCount;
}
