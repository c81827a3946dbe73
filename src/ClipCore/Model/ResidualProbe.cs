using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>Shows the residual stream, row by row.</summary>
readonly struct ResidualProbe(ResidualRow see) : IForwardProbe
{
    public static bool AllTokens => false;

    public void Residual(int layer, MatrixView residual)
    {
        for (int row = 0; row < residual.Rows; row++)
            see(layer, residual.RowSpan(row));
    }

    public void Middle(int layer, MatrixView residual)
    {
    }

    public PatternSinks Patterns(int layer) => default;

    public void Z(int layer, MatrixView z, ReadOnlySpan<int> rows)
    {
    }

    public unsafe float* MlpOut(int layer, out int stride)
    {
        stride = 0;
        return null;
    }
}
