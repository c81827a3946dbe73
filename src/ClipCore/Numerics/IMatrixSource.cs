namespace ClipCore.Numerics;

/// <summary>A matrix to pack, read piece by piece: a mapped tensor of any number type, or floats in memory.</summary>
interface IMatrixSource
{
    int Rows { get; }
    int Columns { get; }

    /// <summary>Copies part of a row, converted to float.</summary>
    void Copy(int row, int column, Span<float> destination);
}
