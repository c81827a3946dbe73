namespace ClipCore.Images;

/// <summary>How a picture of any size becomes the square that the image tower takes.</summary>
public enum ResizeMode
{
    /// <summary>The shorter side is resized to the target, the middle square is cropped.</summary>
    Shortest,

    /// <summary>The longer side is resized to the target, the rest is filled with <see cref="PreprocessConfig.FillValue"/>.</summary>
    Longest,

    /// <summary>Both sides are resized to the target; the aspect ratio is not kept.</summary>
    Squash,
}

/// <summary>The filter of a resize, as Pillow names them; all widen with the scale (antialias).</summary>
public enum Interpolation
{
    /// <summary>Cubic convolution with a = −0.5.</summary>
    Bicubic,

    /// <summary>Triangle filter.</summary>
    Bilinear,
}

/// <summary>One value for each colour channel.</summary>
/// <param name="Red">Value of the red channel.</param>
/// <param name="Green">Value of the green channel.</param>
/// <param name="Blue">Value of the blue channel.</param>
public readonly record struct RgbValues(float Red, float Green, float Blue)
{
    /// <summary>The value of channel 0 (red), 1 (green) or 2 (blue).</summary>
    /// <param name="channel">0, 1 or 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channel"/> is another number.</exception>
    public float this[int channel] => channel switch
    {
        0 => Red,
        1 => Green,
        2 => Blue,
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "A colour channel is 0, 1 or 2."),
    };
}

/// <summary>The steps between a decoded picture and the pixels that the image tower takes, [3, size, size].</summary>
public sealed record PreprocessConfig
{
    /// <summary>Channel means of the pictures OpenAI trained CLIP on; most checkpoints keep them.</summary>
    public static RgbValues ClipMean { get; } = new(0.48145466f, 0.4578275f, 0.40821073f);

    /// <summary>Channel deviations of the pictures OpenAI trained CLIP on; most checkpoints keep them.</summary>
    public static RgbValues ClipStd { get; } = new(0.26862954f, 0.26130258f, 0.27577711f);

    /// <summary>Side of the result in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>How the square is cut.</summary>
    public ResizeMode ResizeMode { get; init; } = ResizeMode.Shortest;

    /// <summary>The filter of the resize.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bicubic;

    /// <summary>
    /// Whether the picture becomes RGB before the resize (Hugging Face) or after it (OpenCLIP). It matters for palette and
    /// one-bit pictures, which Pillow resizes to the nearest pixel.
    /// </summary>
    public bool ConvertRgbFirst { get; init; }

    /// <summary>Channel value of the border in mode <see cref="ResizeMode.Longest"/>.</summary>
    public byte FillValue { get; init; }

    /// <summary>What an 8-bit channel value is multiplied by before the mean is taken away.</summary>
    public double RescaleFactor { get; init; } = 1.0 / 255;

    /// <summary>Taken away from the rescaled channels.</summary>
    public RgbValues Mean { get; init; } = ClipMean;

    /// <summary>What the channels are divided by at the end.</summary>
    public RgbValues Std { get; init; } = ClipStd;
}
