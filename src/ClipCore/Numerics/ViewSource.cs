namespace ClipCore.Numerics;

/// <summary>Rows of floats in native memory, as a source to pack.</summary>
sealed unsafe class ViewSource(MatrixView view) : IMatrixSource
{
    public int Rows => view.Rows;
    public int Columns => view.Columns;

    public void Copy(int row, int column, Span<float> destination) =>
        new ReadOnlySpan<float>(view.Row(row) + column, destination.Length).CopyTo(destination);
}
