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
}
