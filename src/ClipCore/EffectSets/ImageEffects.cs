using ClipCore.Checkpoints;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.Images;

namespace ClipCore.EffectSets;

/// <summary>
/// The direct effects of images, computed by a model when they are read, eight images at a time, so that a set of any size takes the memory of one block.
/// Reading in order costs one pass of the model for each image; experiments that pass over a set several times are faster on a store, or on what
/// <see cref="EffectStore.Compute(IImageModel, ImageSet, out IReadOnlyList{SkippedImage}, StoreOptions?, IProgress{int}?, CancellationToken)"/> gives. The
/// numbers are those of a store of 32-bit floats, to the bit.
/// </summary>
/// <remarks>For one thread at a time. The model is not disposed with the set.</remarks>
public sealed class ImageEffects : EffectSet
{
    const int Block = 8;

    readonly IImageModel _model;
    readonly ImageSet _images;
    readonly int[] _places;
    readonly ImageBatchReader _reader;
    readonly EffectExpansion _expansion;
    readonly VisionConfig _vision;
    readonly float[] _heads, _classAttention;
    float[] _mlps = [];
    int _openBlock = -1;
    EffectCoordinates? _coordinates;
    bool _hasClassAttention;

    /// <summary>Effects of images that can all be read; one that can't fails when it is read.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="maxPixels">Pictures with more pixels count as unreadable.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPixels"/> is not positive.</exception>
    public ImageEffects(IImageModel model, ImageSet images, long maxPixels = ImageDecoder.DefaultMaxPixels)
        : this(model, images, [.. Enumerable.Range(0, images?.Count ?? 0)], maxPixels)
    {
    }

    ImageEffects(IImageModel model, ImageSet images, int[] places, long maxPixels)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        (_model, _images, _places, _vision) = (model, images, places, model.VisionConfig);
        _reader = new ImageBatchReader(images, model.Preprocessor, maxPixels, strict: true);
        _expansion = Expansion(model);
        _heads = new float[(long)Block * LayerCount * HeadCount * EmbedWidth];
        _classAttention = new float[(long)Block * LayerCount * EmbedWidth];
        ImageTable table = ImageTable.Of(images, places);
        Labels = table.KnownLabels;
        Attributes = table.KnownAttributes;
        Names = table.Names;
        Splits = table.KnownSplits;
        Captions = table.KnownCaptions;
        ClassNames = images.ClassNames;
    }

    /// <inheritdoc/>
    public override int ImageCount => _places.Length;

    /// <inheritdoc/>
    public override int LayerCount => _vision.LayerCount;

    /// <inheritdoc/>
    public override int HeadCount => _vision.HeadCount;

    /// <inheritdoc/>
    public override int EmbedWidth => _model.EmbedWidth;

    /// <inheritdoc/>
    public override bool HasClassAttention => true;

    /// <summary>Effects of those images that can be read; decodes all of them once to find out.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="skipped">Those that can't be read; they are not in the set.</param>
    /// <param name="maxPixels">Pictures with more pixels count as unreadable.</param>
    /// <param name="progress">Told how many images were looked at.</param>
    /// <param name="cancellation">Looked at before each picture.</param>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImageEffects OfReadable(
        IImageModel model, ImageSet images, out IReadOnlyList<SkippedImage> skipped, long maxPixels = ImageDecoder.DefaultMaxPixels,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        ImageBatchReader reader = new(images, model.Preprocessor, maxPixels, strict: false);
        List<int> places = [];
        List<SkippedImage> bad = [];
        for (int first = 0; first < images.Count; first += Block)
        {
            int count = Math.Min(Block, images.Count - first);
            ImageBatch batch = reader.Read(first, count, cancellation);
            places.AddRange(batch.Indices);
            bad.AddRange(batch.Skipped);
            progress?.Report(first + count);
        }
        skipped = bad;
        RequireSome(images, places.Count, bad);
        return new ImageEffects(model, images, [.. places], maxPixels);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The image, or a neighbour in its block, can't be read.</exception>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        if ((uint)image >= (uint)_places.Length)
            throw new ArgumentOutOfRangeException(nameof(image), image, $"This set has the images 0 … {_places.Length - 1}.");
        int block = image / Block, row = image % Block;
        if (block != _openBlock)
            Compute(block);
        if (classAttention.Length > 0 && !_hasClassAttention)
        {
            _expansion.ClassToken(_coordinates!.ClassToken, _coordinates.Shared, Images(block), _classAttention);
            _hasClassAttention = true;
        }
        Row(_heads, row, LayerCount * HeadCount * EmbedWidth).CopyTo(heads);
        Row(_mlps, row, (LayerCount + 1) * EmbedWidth).CopyTo(mlps);
        if (classAttention.Length > 0)
            Row(_classAttention, row, LayerCount * EmbedWidth).CopyTo(classAttention);
    }

    /// <summary>Bytes that the effects of one image take.</summary>
    internal static long BytesOfImage(IImageModel model)
    {
        VisionConfig vision = model.VisionConfig;
        return sizeof(float) * (long)model.EmbedWidth * ((vision.LayerCount * vision.HeadCount) + (2 * vision.LayerCount) + 1);
    }

    /// <summary>The effects of all images that can be read, in memory.</summary>
    internal static EffectArrays ToArrays(
        IImageModel model, ImageSet images, StoreOptions options, out IReadOnlyList<SkippedImage> skipped, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        StoreClasses classes = StoreClasses.Of(images, options.Classes);
        VisionConfig vision = model.VisionConfig;
        int layers = vision.LayerCount, embed = model.EmbedWidth, done = 0;
        int headsWidth = layers * vision.HeadCount * embed, mlpsWidth = (layers + 1) * embed, classWidth = layers * embed;
        float[] heads = new float[(long)images.Count * headsWidth], mlps = new float[(long)images.Count * mlpsWidth];
        float[] classAttention = new float[(long)images.Count * classWidth];
        EffectExpansion expansion = Expansion(model);
        ImageBatchReader reader = new(images, model.Preprocessor, options.MaxPixels, options.Strict);
        List<int> places = [];
        List<SkippedImage> bad = [];
        for (int first = 0; first < images.Count; first += Block)
        {
            int count = Math.Min(Block, images.Count - first);
            ImageBatch batch = reader.Read(first, count, cancellation);
            bad.AddRange(batch.Skipped);
            if (batch.Count > 0)
            {
                (DirectEffects effects, EffectCoordinates coordinates) = model.DecomposeToCoordinates(batch.Pixels);
                RequireFinite(effects, images, batch.Indices);
                expansion.Heads(coordinates.Z, coordinates.Shared, batch.Count, 0, heads.AsSpan(done * headsWidth, batch.Count * headsWidth));
                expansion.ClassToken(
                    coordinates.ClassToken, coordinates.Shared, batch.Count, classAttention.AsSpan(done * classWidth, batch.Count * classWidth));
                effects.MlpValues.CopyTo(mlps, done * mlpsWidth);
                places.AddRange(batch.Indices);
                done += batch.Count;
            }
            progress?.Report(first + count);
        }
        skipped = bad;
        RequireSome(images, done, bad);
        Array.Resize(ref heads, done * headsWidth);
        Array.Resize(ref mlps, done * mlpsWidth);
        Array.Resize(ref classAttention, done * classWidth);
        ImageTable table = ImageTable.Of(images, places);
        return new EffectArrays(heads, mlps, classAttention, layers, vision.HeadCount, embed)
        {
            Labels = table.KnownLabels,
            Attributes = table.KnownAttributes,
            Names = table.Names,
            Splits = table.KnownSplits,
            Captions = table.KnownCaptions,
            ClassNames = classes.Names,
        };
    }

    static void RequireSome(ImageSet images, int readable, List<SkippedImage> skipped)
    {
        if (readable == 0)
            throw new InvalidDataException(
                $"{images.Name}: none of its {images.Count} images could be read (the first: {skipped[0].Name}: {skipped[0].Reason}).");
    }

    static void RequireFinite(DirectEffects effects, ImageSet images, int[] indices)
    {
        for (int i = 0; i < effects.ImageCount; i++)
            if (!float.IsFinite(effects.Completeness[i]))
                throw new InvalidDataException(
                    $"{images.Entries[indices[i]].Image}: its effects are not finite (NaN or infinity): "
                    + "the model's weights or this picture's pixels are out of range.");
    }

    static EffectExpansion Expansion(IImageModel model)
    {
        VisionConfig vision = model.VisionConfig;
        return new EffectExpansion(model.CoordinateBasis(), vision.LayerCount, vision.HeadCount, vision.Width, model.EmbedWidth, vision.TokenCount);
    }

    static ReadOnlySpan<float> Row(float[] values, int row, int length) => values.AsSpan(row * length, length);

    int Images(int block) => Math.Min(Block, _places.Length - (block * Block));

    void Compute(int block)
    {
        int images = Images(block), first = block * Block, pixelCount = _model.Preprocessor.PixelCount;
        _openBlock = -1;
        float[] pixels = new float[(long)images * pixelCount];
        // Neighbours of this set are neighbours of the whole one, but for those left out between them.
        for (int i = 0; i < images;)
        {
            int run = 1;
            while (i + run < images && _places[first + i + run] == _places[first + i] + run)
                run++;
            _reader.Read(_places[first + i], run, CancellationToken.None).Pixels.CopyTo(pixels, i * pixelCount);
            i += run;
        }
        (DirectEffects effects, _coordinates) = _model.DecomposeToCoordinates(pixels);
        RequireFinite(effects, _images, _places[first..(first + images)]);
        _expansion.Heads(_coordinates.Z, _coordinates.Shared, images, 0, _heads);
        (_mlps, _openBlock, _hasClassAttention) = (effects.MlpValues, block, false);
    }
}
