using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>Sees nothing and costs nothing.</summary>
struct NoProbe : IForwardProbe
{
    public static bool AllTokens => false;

    public readonly void Residual(int layer, MatrixView residual)
    {
    }

    public readonly void Middle(int layer, MatrixView residual)
    {
    }

    public readonly PatternSinks Patterns(int layer) => default;

    public readonly void Z(int layer, MatrixView z, ReadOnlySpan<int> rows)
    {
    }

    public readonly unsafe float* MlpOut(int layer, out int stride)
    {
        stride = 0;
        return null;
    }
}
