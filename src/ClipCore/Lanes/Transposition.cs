using System.Runtime.Intrinsics;

namespace ClipCore.Lanes;

/// <summary>Rows turned into columns.</summary>
static unsafe class Transposition
{
    /// <summary>destination[j, i] = source[i, j] · factor</summary>
    /// <param name="source">[rows × columns]</param>
    /// <param name="sourceStride">Floats from one row of the source to the next.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="factor">What every value is multiplied by.</param>
    /// <param name="destination">[columns × rows]</param>
    /// <param name="destinationStride">Floats from one row of the destination to the next.</param>
    public static void Run(float* source, nint sourceStride, int rows, int columns, float factor, float* destination, nint destinationStride)
    {
        int i = 0;
        for (; i <= rows - 4; i += 4, source += 4 * sourceStride)
        {
            float* a = source, b = a + sourceStride, c = b + sourceStride, d = c + sourceStride, target = destination + i;
            for (int j = 0; j < columns; j++, target += destinationStride)
                (Vector128.Create(a[j], b[j], c[j], d[j]) * factor).Store(target);
        }
        for (; i < rows; i++, source += sourceStride)
            for (int j = 0; j < columns; j++)
                destination[(j * destinationStride) + i] = source[j] * factor;
    }
}
