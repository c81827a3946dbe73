using ClipCore.Images;

namespace ClipCore.Checkpoints;

/// <summary>The architecture of a CLIP model: a vision tower, a text tower or both, and the space they share.</summary>
/// <remarks>Immutable, so safe for many threads.</remarks>
public sealed record ClipConfig
{
    /// <summary>Width of the shared space: of the image and text representations.</summary>
    public required int EmbedWidth { get; init; }

    /// <summary>The vision tower; null when only the text tower is there.</summary>
    public VisionConfig? Vision { get; init; }

    /// <summary>The text tower; null when only the vision tower is there.</summary>
    public TextConfig? Text { get; init; }

    /// <summary>How pictures become pixels; null without a vision tower.</summary>
    public PreprocessConfig? Preprocess { get; init; }

    /// <summary>Checks every value and the relations between them.</summary>
    /// <param name="source">The file to name in the message.</param>
    /// <exception cref="ConfigException">A value fits no model.</exception>
    internal void Check(string source)
    {
        ConfigCheck check = new(source);
        check.Range("embed_dim", EmbedWidth, 1, 1 << 16);
        Vision?.Check(check);
        Text?.Check(check);
        if (Vision != null && Preprocess != null)
        {
            if (Preprocess.Size != Vision.ImageSize)
                check.Fail($"pictures are prepared at {Preprocess.Size} pixels, but the vision tower takes {Vision.ImageSize}");
            for (int channel = 0; channel < 3; channel++)
                if (!float.IsFinite(Preprocess.Mean[channel]) || !float.IsFinite(Preprocess.Std[channel]) || Preprocess.Std[channel] <= 0)
                    check.Fail("the channel means must be finite and the deviations positive");
            if (!double.IsFinite(Preprocess.RescaleFactor) || Preprocess.RescaleFactor <= 0)
                check.Fail("the rescale factor must be positive");
        }
    }
}
