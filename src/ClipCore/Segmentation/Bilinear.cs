namespace ClipCore.Segmentation;

/// <summary>Bilinear enlargement by a whole factor, as PyTorch's <c>interpolate(mode="bilinear", scale_factor=s, align_corners=False)</c>.</summary>
static class Bilinear
{
    /// <summary>Enlarges a map.</summary>
    /// <param name="map">[rows, columns]</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="scale">Factor (s).</param>
    /// <returns>[rows · s, columns · s]</returns>
    public static float[] Enlarge(ReadOnlySpan<float> map, int rows, int columns, int scale)
    {
        int height = rows * scale, width = columns * scale;
        float[] result = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            (int top, int bottom, double below) = Source(y, scale, rows);
            for (int x = 0; x < width; x++)
            {
                (int left, int right, double after) = Source(x, scale, columns);
                double before = 1 - after, above = 1 - below;
                double first = (before * map[(top * columns) + left]) + (after * map[(top * columns) + right]);
                double second = (before * map[(bottom * columns) + left]) + (after * map[(bottom * columns) + right]);
                result[(y * width) + x] = (float)((above * first) + (below * second));
            }
        }
        return result;
    }

    static (int First, int Second, double Weight) Source(int position, int scale, int length)
    {
        double source = Math.Max(((position + 0.5) / scale) - 0.5, 0);
        int first = (int)source;
        return (first, Math.Min(first + 1, length - 1), source - first);
    }
}
