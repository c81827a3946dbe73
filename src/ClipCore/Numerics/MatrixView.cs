namespace ClipCore.Numerics;

/// <summary>Rows of floats in native memory. [rows × columns]</summary>
readonly unsafe struct MatrixView(float* data, int rows, int columns, int stride)
{
    public MatrixView(float* data, int rows, int columns) : this(data, rows, columns, columns) { }

    public float* Data { get; } = data;
    public int Rows { get; } = rows;
    public int Columns { get; } = columns;

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; } = stride;

    public float* Row(int row) => Data + (long)row * Stride;

    public ReadOnlySpan<float> RowSpan(int row) => new(Row(row), Columns);
}
