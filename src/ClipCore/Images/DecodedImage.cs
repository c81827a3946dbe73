namespace ClipCore.Images;

/// <summary>How a file stores its pixels; it decides how a picture is resized, as Pillow does it.</summary>
public enum PixelMode
{
    /// <summary>Black and white (Pillow's 1): resized by nearest neighbour.</summary>
    Bilevel,

    /// <summary>Grey (L).</summary>
    Grey,

    /// <summary>Grey with alpha (LA): resized with premultiplied alpha, which is dropped afterwards.</summary>
    GreyAlpha,

    /// <summary>Indices into a palette (P): resized by nearest neighbour; transparency is ignored.</summary>
    Palette,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Red, green, blue with alpha: as <see cref="GreyAlpha"/>.</summary>
    Rgba,
}

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
