using System.Globalization;
using ClipCore.Images;

namespace ClipCore.Model;

/// <summary>The architecture of a CLIP model: a vision tower, a text tower or both, and the space they share.</summary>
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

/// <summary>A stack of transformer blocks: what both towers have in common.</summary>
public abstract record TowerConfig
{
    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Attention heads of a block.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Width of the MLP's hidden layer.</summary>
    public required int MlpWidth { get; init; }

    /// <summary>What is added to the variance in every LayerNorm.</summary>
    public float LayerNormEpsilon { get; init; } = 1e-5f;

    /// <summary>The function within the MLP.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Width of one head: width / heads. Not always a multiple of 16 (bigG/14 has 104).</summary>
    public int HeadWidth => Width / HeadCount;

    /// <summary>Tokens of the longest sequence.</summary>
    public abstract int TokenCount { get; }

    private protected void CheckTower(ConfigCheck check, string tower)
    {
        check.Range($"{tower} width", Width, 1, 1 << 16);
        check.Range($"{tower} layers", LayerCount, 1, 1024);
        check.Range($"{tower} heads", HeadCount, 1, Width);
        check.Range($"{tower} mlp width", MlpWidth, 1, 1 << 20);
        if (Width % HeadCount != 0)
            check.Fail($"{tower} width {Width} can't be shared out to {HeadCount} heads");
        if (!(LayerNormEpsilon > 0 && LayerNormEpsilon < 1))
            check.Fail(string.Create(CultureInfo.InvariantCulture, $"{tower} layer norm epsilon is {LayerNormEpsilon}; it must lie between 0 and 1"));
    }
}

/// <summary>The vision tower: a transformer over the patches of a square picture and one class token.</summary>
public sealed record VisionConfig : TowerConfig
{
    /// <summary>Side of the picture in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Patches along a side; pixels that make no whole patch at the right and bottom are not seen.</summary>
    public int GridSize => ImageSize / PatchSize;

    /// <summary>The class token and the patches: 1 + grid².</summary>
    public override int TokenCount => 1 + GridSize * GridSize;

    internal void Check(ConfigCheck check)
    {
        check.Range("image size", ImageSize, 1, 1 << 13);
        check.Range("patch size", PatchSize, 1, ImageSize);
        if (GridSize > 256)
            check.Fail($"{ImageSize} pixels in patches of {PatchSize} give {(long)GridSize * GridSize} tokens, too many");
        CheckTower(check, "vision");
    }
}

/// <summary>The text tower: a causal transformer pooled at the end token.</summary>
public sealed record TextConfig : TowerConfig
{
    /// <summary>Most tokens of a text, start and end included.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>
    /// The token whose first place is pooled; null in OpenCLIP and in old Hugging Face files: the place of the largest id is.
    /// Both mean the same as long as the end token has the largest id.
    /// </summary>
    public int? EndTokenId { get; init; }

    /// <inheritdoc/>
    public override int TokenCount => ContextLength;

    internal void Check(ConfigCheck check)
    {
        check.Range("context length", ContextLength, 1, 1 << 14);
        check.Range("vocabulary size", VocabularySize, 1, 1 << 21);
        if (EndTokenId is int end)
            check.Range("end token", end, 0, VocabularySize - 1);
        CheckTower(check, "text");
    }
}

/// <summary>Says which value of which file is out of range.</summary>
readonly struct ConfigCheck(string source)
{
    public void Range(string name, int value, int least, int most)
    {
        if (value < least || value > most)
            Fail($"{name} is {value}; it must lie between {least} and {most}");
    }

    public void Fail(string fault) => throw new ConfigException(source, $"invalid configuration: {fault}.");
}
