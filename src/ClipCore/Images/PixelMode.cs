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
