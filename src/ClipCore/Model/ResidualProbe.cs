using ClipCore.Numerics;

namespace ClipCore.Model;

/// <summary>Takes a row of the residual stream before the first layer (0) or after a layer (its index + 1). [width]</summary>
delegate void ResidualRow(int layer, ReadOnlySpan<float> row);

/// <summary>Shows the residual stream, row by row.</summary>
readonly struct ResidualProbe(ResidualRow see) : IForwardProbe
{
    public static bool AllTokens => false;

    public void Residual(int layer, MatrixView residual)
    {
        for (int row = 0; row < residual.Rows; row++)
            see(layer, residual.RowSpan(row));
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
