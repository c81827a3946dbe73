using ClipCore.Checkpoints;

namespace ClipCore.Verification;

/// <summary>Numbers that were published for well-known checkpoints and need no picture file to be computed. Safe for many threads.</summary>
public static class PublishedNumbers
{
    /// <summary>OpenAI's ViT-B/32.</summary>
    public const string OpenAiB32 = "openai/clip-vit-base-patch32";

    /// <summary>LAION's ViT-L/14 of the paper.</summary>
    public const string LaionL14 = "laion/CLIP-ViT-L-14-laion2B-s32B-b82K";

    static readonly int[] s_cat = [49406, 320, 1125, 539, 320, 2368, 49407], s_dog = [49406, 320, 1125, 539, 320, 1929, 49407];

    /// <summary>Which well-known checkpoint a model looks like by its shape, activation and logit scale; null for none.</summary>
    /// <param name="model">The model.</param>
    public static string? Recognize(ClipModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Config is not { Vision: { } vision, Text: { VocabularySize: 49408, ContextLength: 77 } text })
            return null;
        bool isB32 = vision is { PatchSize: 32, ImageSize: 224, Width: 768, LayerCount: 12, HeadCount: 12 }
            && text is { Width: 512, LayerCount: 12 } && model.EmbedWidth == 512;
        if (isB32 && vision.Activation == Activation.QuickGelu && Math.Abs(model.LogitScale - 100) < 0.01)
            return OpenAiB32;
        bool isL14 = vision is { PatchSize: 14, ImageSize: 224, Width: 1024, LayerCount: 24, HeadCount: 16 }
            && text is { Width: 768, LayerCount: 12 } && model.EmbedWidth == 768;
        return isL14 && vision.Activation == Activation.Gelu ? LaionL14 : null;
    }

    /// <summary>The numbers that are known for a checkpoint, measured.</summary>
    /// <param name="name">Its name: <see cref="OpenAiB32"/> or <see cref="LaionL14"/>.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The name is not known, or the model has another shape.</exception>
    public static PublishedNumber[] Measure(string name, ClipModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return name switch
        {
            OpenAiB32 => MeasureB32(model),
            LaionL14 => [new PublishedNumber("parameters", "the paper's demo notebook", [427_616_513], [model.Checkpoint.ParameterCount], 0)],
            _ => throw new ArgumentException($"The checkpoint '{name}' is not known: published numbers are known for {OpenAiB32} and {LaionL14}."),
        };
    }

    static PublishedNumber[] MeasureB32(ClipModel model)
    {
        if (model.Config is not { Vision: not null, Text: { VocabularySize: 49408 } } || model.EmbedWidth != 512)
            throw new ArgumentException($"This model is not {OpenAiB32}: it has another shape, or one tower only.");
        float[] grey = Filled(model, 0.5f), dark = Filled(model, 0.25f), bright = Filled(model, 0.75f);
        float[] texts = new float[2 * model.EmbedWidth], raw = new float[model.EmbedWidth];
        model.EncodeTokens([s_cat, s_dog], texts);
        model.EncodeTokens([s_cat], raw, normalize: false);
        float[] image = model.EncodeImage(grey, normalize: false);
        float[] first = model.Logits(model.EncodeImage(dark), texts), second = model.Logits(model.EncodeImage(bright), texts);
        const string Bumblebee = "elixir-nx/bumblebee, its tests of CLIP";
        return
        [
            new PublishedNumber(
                "logits of \"a photo of a cat\" and \"a photo of a dog\" for pixels of 0.25 and 0.75", Bumblebee,
                [22.7866, 22.8397, 23.2389, 22.8406], [first[0], second[0], first[1], second[1]], 1e-3),
            new PublishedNumber(
                "image representation of pixels of 0.5, elements 1 to 3", Bumblebee, [-0.3381, -0.0196, -0.4053], [image[1], image[2], image[3]], 1e-3),
            new PublishedNumber(
                "text representation of \"a photo of a cat\", elements 1 to 3", Bumblebee, [0.0733, -0.2448, -0.2212], [raw[1], raw[2], raw[3]], 1e-3),
        ];
    }

    static float[] Filled(ClipModel model, float value)
    {
        float[] pixels = new float[model.PixelCount];
        Array.Fill(pixels, value);
        return pixels;
    }
}
