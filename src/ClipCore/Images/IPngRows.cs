namespace ClipCore.Images;

/// <summary>Takes the rows of a PNG as they are unpacked.</summary>
interface IPngRows
{
    /// <summary>Takes one row of the picture, or of a pass where it is interlaced.</summary>
    /// <param name="packed">The row's samples as the file packs them; see <see cref="PngSamples.Sample"/>.</param>
    /// <param name="y">The picture's row.</param>
    /// <param name="x">The first pixel's column.</param>
    /// <param name="step">Columns from one pixel to the next.</param>
    /// <param name="count">Pixels.</param>
    void Take(ReadOnlySpan<byte> packed, int y, int x, int step, int count);
}
