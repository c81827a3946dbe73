using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Images;
using ClipCore.Reports.Pictures;

namespace ClipCore.Cli.Data;

/// <summary>The direct effects of a data set, computed by a model into memory.</summary>
static class ModelEffects
{
    const int Batch = 8;

    /// <summary>Runs the model over the pictures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The pictures.</param>
    /// <param name="classAttention">Whether the class token's own share is wanted: that needs a decomposition by patch.</param>
    public static EffectArrays Compute(ClipModel model, ImageSet images, bool classAttention)
    {
        int layers = model.Config.Vision!.LayerCount, heads = model.Config.Vision.HeadCount, width = model.EmbedWidth, count = images.Entries.Length;
        float[] headEffects = new float[(long)count * layers * heads * width], mlps = new float[(long)count * (layers + 1) * width];
        float[]? shares = classAttention ? new float[(long)count * layers * width] : null;
        float[] pixels = new float[Math.Min(Batch, count) * model.PixelCount];
        using Progress progress = new("decomposing", "images", count);
        for (int first = 0; first < count; first += Batch)
        {
            int size = Math.Min(Batch, count - first);
            for (int i = 0; i < size; i++)
                model.Preprocessor.Normalize(
                    model.Preprocessor.Prepare(ImageDecoder.Load(images.Entries[first + i].Path)).Rgb, pixels.AsSpan(i * model.PixelCount, model.PixelCount));
            ReadOnlySpan<float> batch = pixels.AsSpan(0, size * model.PixelCount);
            DirectEffects effects = model.Decompose(batch, new DecomposeOptions { Level = EffectLevel.Head });
            effects.AttentionValues.CopyTo(headEffects, (long)first * layers * heads * width);
            effects.MlpValues.CopyTo(mlps, (long)first * (layers + 1) * width);
            if (shares != null)
                AddShares(model.Decompose(batch, new DecomposeOptions { Level = EffectLevel.Patch }), shares.AsSpan(first * layers * width));
            progress.Report(first + size);
        }
        return new EffectArrays(headEffects, mlps, shares, layers, heads, width)
        {
            Labels = images.Entries.Any(entry => entry.Label >= 0) ? [.. images.Entries.Select(entry => entry.Label)] : null,
            Attributes = images.Entries.All(entry => entry.Attribute >= 0) ? [.. images.Entries.Select(entry => entry.Attribute)] : null,
            Names = [.. images.Entries.Select(entry => entry.Path)],
        };
    }

    static void AddShares(DirectEffects effects, Span<float> destination)
    {
        int width = effects.Columns;
        for (int image = 0; image < effects.ImageCount; image++)
            for (int layer = 0; layer < effects.LayerCount; layer++)
                for (int j = 0; j < width; j++)
                {
                    double sum = 0;
                    for (int head = 0; head < effects.HeadCount; head++)
                        sum += effects.Patch(layer, head, 0, image)[j];
                    destination[(((image * effects.LayerCount) + layer) * width) + j] = (float)sum;
                }
    }
}
