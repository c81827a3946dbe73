namespace ClipCore.Numerics;

/// <summary>Where rows of a product are kept a second time: row r goes to row <c>Map[r]</c> of <c>Data</c>, or nowhere where that is negative.</summary>
/// <param name="map">One index for each row of the destination.</param>
/// <param name="data">The kept rows: sum + bias, before it is added to the residual.</param>
/// <param name="stride">Floats from one kept row to the next.</param>
readonly unsafe struct RowCapture(int* map, float* data, int stride)
{
    public int* Map { get; } = map;
    public float* Data { get; } = data;
    public int Stride { get; } = stride;
}
