namespace ClipCore.Images;

/// <summary>The filter of a resize, as Pillow names them; all widen with the scale (antialias).</summary>
public enum Interpolation
{
    /// <summary>Cubic convolution with a = −0.5.</summary>
    Bicubic,

    /// <summary>Triangle filter.</summary>
    Bilinear,
}
