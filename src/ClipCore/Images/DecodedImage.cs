namespace ClipCore.Images;

/// <summary>A decoded picture.</summary>
/// <param name="Name">Where it came from, for messages.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Mode">How the file stores its pixels. Palettes are resolved to RGB.</param>
/// <param name="Pixels">Bytes, row by row. [height, width, <paramref name="Channels"/>]</param>
/// <param name="Channels">1, 2, 3 or 4 bytes of a pixel.</param>
public sealed record DecodedImage(string Name, int Width, int Height, PixelMode Mode, byte[] Pixels, int Channels)
{
    /// <summary>The picture as RGB; alpha is dropped, not blended. [height, width, 3]</summary>
    public byte[] ToRgb() => Channels == 3 ? Pixels : PixelArithmetic.ToRgb(Pixels, Channels);

    /// <summary>The picture small enough to be shown: RGB, alpha dropped, resized bicubically where a side is longer.</summary>
    /// <param name="longest">The longer side of the result in pixels, at most.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="longest"/> is below 1.</exception>
    public DecodedImage Thumbnail(int longest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, 1);
        double ratio = Math.Min(1, (double)longest / Math.Max(Width, Height));
        int width = Math.Max(1, (int)Math.Round(Width * ratio)), height = Math.Max(1, (int)Math.Round(Height * ratio));
        byte[] rgb = ToRgb();
        if (width != Width || height != Height)
            rgb = Resampling.Resize(rgb, Width, Height, 3, Interpolation.Bicubic, width, height, new PixelRectangle(0, 0, width, height));
        return new DecodedImage(Name, width, height, PixelMode.Rgb, rgb, 3);
    }
}
