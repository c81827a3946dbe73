using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore.Decomposition;

/// <summary>The probe that fills a capture.</summary>
readonly struct CaptureProbe<TTokens>(CaptureStore store, int layers, int firstImage, int images) : IForwardProbe
    where TTokens : struct, ITokenChoice
{
    public static bool AllTokens => TTokens.All;

    public void Residual(int layer, MatrixView residual)
    {
        if (layer > 0)
            store.TakeResidual(CaptureKind.ResidualPost, layer - 1, residual, firstImage, images);
        if (layer < layers)
            store.TakeResidual(CaptureKind.ResidualPre, layer, residual, firstImage, images);
    }

    public void Middle(int layer, MatrixView residual)
    {
        store.TakePatterns(layer, firstImage, images);
        store.TakeResidual(CaptureKind.ResidualMid, layer, residual, firstImage, images);
    }

    public PatternSinks Patterns(int layer) => store.Sinks(layer);

    public void Z(int layer, MatrixView z, ReadOnlySpan<int> rows)
    {
    }

    public unsafe float* MlpOut(int layer, out int stride)
    {
        stride = 0;
        return null;
    }
}
