using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Images;
using ClipCore.Reports.Pictures;

namespace ClipCore.Cli.Data;

/// <summary>The direct effects of pictures, computed when they are read, so that a set of any size takes the memory of one picture.</summary>
/// <param name="model">The model.</param>
/// <param name="images">The pictures.</param>
/// <param name="maxPixels">Larger pictures are refused.</param>
sealed class PictureEffects(ClipModel model, ImageSet images, long maxPixels) : EffectSet
{
    static readonly DecomposeOptions s_options = new() { Level = EffectLevel.Head };

    readonly float[] _pixels = new float[model.PixelCount];
    DirectEffects? _effects;

    /// <inheritdoc/>
    public override int ImageCount => images.Entries.Length;

    /// <inheritdoc/>
    public override int LayerCount => model.Config.Vision!.LayerCount;

    /// <inheritdoc/>
    public override int HeadCount => model.Config.Vision!.HeadCount;

    /// <inheritdoc/>
    public override int EmbedWidth => model.EmbedWidth;

    /// <inheritdoc/>
    public override bool HasClassAttention => false;

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        if (classAttention.Length > 0)
            throw new InvalidOperationException("This set has no class-token attention.");
        ImagePreprocessor preprocessor = model.Preprocessor;
        preprocessor.Normalize(preprocessor.Prepare(ImageDecoder.Load(images.Entries[image].Path, maxPixels)).Rgb, _pixels);
        _effects = model.Decompose(_pixels, s_options, _effects);
        _effects.AttentionValues.CopyTo(heads);
        _effects.MlpValues.CopyTo(mlps);
    }
}
