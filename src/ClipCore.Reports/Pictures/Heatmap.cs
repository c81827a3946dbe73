namespace ClipCore.Reports.Pictures;

/// <summary>
/// A signed value for each patch of an image, drawn over it: blue against, orange red for, stronger colour for larger values. Safe for many threads.
/// </summary>
public sealed class Heatmap
{
    readonly float[] _values;

    /// <summary>Takes the values of the patches.</summary>
    /// <param name="values">Row by row. [rows, columns]</param>
    /// <param name="rows">Rows of patches.</param>
    /// <param name="columns">Columns of patches.</param>
    /// <param name="scale">The value that gets full colour, the same for all maps that are to be compared; larger values are clipped.</param>
    /// <exception cref="ArgumentException">The values do not fit the grid, or the scale is not above 0.</exception>
    public Heatmap(ReadOnlySpan<float> values, int rows, int columns, float scale)
    {
        if (values.Length != rows * columns)
            throw new ArgumentException($"A grid of {rows} × {columns} patches was given {values.Length} values.", nameof(values));
        if (!(scale > 0))
            throw new ArgumentException($"The scale {scale} must be above 0.", nameof(scale));
        _values = values.ToArray();
        (Rows, Columns, Scale) = (rows, columns, scale);
    }

    /// <summary>The colour of values that speak for something.</summary>
    public static Rgb Positive { get; } = ColorMap.Diverging[0.72f];

    /// <summary>The colour of values that speak against it.</summary>
    public static Rgb Negative { get; } = ColorMap.Diverging[-0.72f];

    /// <summary>Rows of patches.</summary>
    public int Rows { get; }

    /// <summary>Columns of patches.</summary>
    public int Columns { get; }

    /// <summary>The value that gets full colour.</summary>
    public float Scale { get; }

    /// <summary>The scale that shows all of some values: the largest absolute one; 1 where all are 0.</summary>
    /// <param name="values">The values.</param>
    public static float ScaleOf(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest > 0 ? largest : 1;
    }

    /// <summary>The scale that several maps share: the largest absolute value of all; 1 where all are 0.</summary>
    /// <param name="maps">The maps that are to be compared.</param>
    public static float ScaleOf(IEnumerable<float[]> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        float largest = 0;
        foreach (float[] map in maps)
            foreach (float value in map)
                largest = Math.Max(largest, Math.Abs(value));
        return largest > 0 ? largest : 1;
    }

    /// <summary>A picture in pale greys, so that the colours of a map over it are not mistaken for its own. [height, width, 3]</summary>
    /// <param name="rgb">The picture. [height, width, 3]</param>
    public static byte[] Pale(ReadOnlySpan<byte> rgb)
    {
        byte[] pale = new byte[rgb.Length];
        for (int i = 0; i + 2 < rgb.Length; i += 3)
        {
            // Luma of ITU-R BT.601 in 16 bits, as Pillow weighs it.
            int luma = ((rgb[i] * 19595) + (rgb[i + 1] * 38470) + (rgb[i + 2] * 7471) + 32768) >> 16;
            pale.AsSpan(i, 3).Fill((byte)(70 + (luma * 170 / 255)));
        }
        return pale;
    }

    /// <summary>Draws the map over an image that is on a canvas already, every patch a crisp cell.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="x">Left edge of the image.</param>
    /// <param name="y">Upper edge of the image.</param>
    /// <param name="size">Side of the image on the canvas.</param>
    /// <param name="strength">Share of colour at full scale, from 0 to 1.</param>
    public void DrawOver(Canvas canvas, int x, int y, int size, float strength = 0.8f)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
            {
                (Rgb color, int alpha) = Cell(_values[(row * Columns) + column], strength);
                int left = column * size / Columns, top = row * size / Rows;
                canvas.Blend(
                    x + left, y + top, ((column + 1) * size / Columns) - left, ((row + 1) * size / Rows) - top, color, alpha);
            }
    }

    /// <summary>One transparent pixel a patch, to lay over the image elsewhere. [rows, columns, 4]</summary>
    public byte[] ToRgba()
    {
        byte[] rgba = new byte[_values.Length * 4];
        for (int i = 0; i < _values.Length; i++)
        {
            (Rgb color, int alpha) = Cell(_values[i], 1);
            (rgba[i * 4], rgba[(i * 4) + 1], rgba[(i * 4) + 2], rgba[(i * 4) + 3]) = (color.Red, color.Green, color.Blue, (byte)alpha);
        }
        return rgba;
    }

    (Rgb Color, int Alpha) Cell(float value, float strength)
    {
        float share = Math.Min(Math.Abs(value) / Scale, 1);
        return (value < 0 ? Negative : Positive, float.IsNaN(share) ? 0 : (int)((share * strength * 255) + 0.5f));
    }
}
