namespace ClipCore.Images;

/// <summary>The steps between a decoded picture and the pixels that the image tower takes, [3, size, size].</summary>
public sealed record PreprocessConfig
{
    /// <summary>Channel means of the pictures OpenAI trained CLIP on; most checkpoints keep them.</summary>
    public static RgbValues ClipMean { get; } = new(0.48145466f, 0.4578275f, 0.40821073f);

    /// <summary>Channel deviations of the pictures OpenAI trained CLIP on; most checkpoints keep them.</summary>
    public static RgbValues ClipStd { get; } = new(0.26862954f, 0.26130258f, 0.27577711f);

    /// <summary>Side of the result in pixels; 0 in the options of a model means the side that its image tower takes.</summary>
    public int Size { get; init; }

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
