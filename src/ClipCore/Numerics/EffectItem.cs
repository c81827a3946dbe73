namespace ClipCore.Numerics;

/// <summary>One of the stacked products that direct effects are: out[rows × columns] = (a[rows × depth] · b) · scale + offset.</summary>
/// <param name="a">Left side; rows <paramref name="aStride"/> floats apart.</param>
/// <param name="aStride">Floats from one row of a to the next.</param>
/// <param name="rows">Rows.</param>
/// <param name="b">Right side, packed.</param>
/// <param name="firstDepth">Where in the depth of b the product starts.</param>
/// <param name="depth">Length of the sums.</param>
/// <param name="scales">Factor of each row, or of all rows where <paramref name="scaleStride"/> is 0.</param>
/// <param name="scaleStride">1 or 0.</param>
/// <param name="offsets">Added after the scaling; a row of them for each row, or one for all where <paramref name="offsetStride"/> is 0.</param>
/// <param name="offsetStride">Floats from one row of offsets to the next.</param>
/// <param name="destination">Destination; exactly the columns of b are written.</param>
/// <param name="destinationStride">Floats from one row of the destination to the next.</param>
readonly unsafe struct EffectItem(
    float* a, nint aStride, int rows, PackedMatrix b, int firstDepth, int depth, float* scales, int scaleStride, float* offsets,
    nint offsetStride, float* destination, nint destinationStride)
{
    public float* A { get; } = a;
    public nint AStride { get; } = aStride;
    public int Rows { get; } = rows;
    public PackedMatrix B { get; } = b;
    public int FirstDepth { get; } = firstDepth;
    public int Depth { get; } = depth;
    public float* Scales { get; } = scales;
    public int ScaleStride { get; } = scaleStride;
    public float* Offsets { get; } = offsets;
    public nint OffsetStride { get; } = offsetStride;
    public float* Destination { get; } = destination;
    public nint DestinationStride { get; } = destinationStride;
}
