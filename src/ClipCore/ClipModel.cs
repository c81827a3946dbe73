using System.Numerics.Tensors;
using ClipCore.Checkpoints;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Lanes;
using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;
using ClipCore.Text;
using ClipCore.Threads;

namespace ClipCore;

/// <summary>
/// A CLIP model: image and text encoders, and the exact decomposition of image representations. One model serves many threads at once;
/// results have the same bits for every register width, thread count and batch size.
/// </summary>
public sealed partial class ClipModel : IImageModel, ITextEncoder, IDisposable
{
    // Enough rows to fill the threads, few enough that the activations of a large model stay within tens of megabytes.
    const int MaxImagesAtOnce = 8;
    const int MaxTextsAtOnce = 64;

    readonly ThreadTeam _team;
    readonly VisionTower? _vision;
    readonly TextTower? _text;
    readonly Kernels _kernels;
    readonly ImagePreprocessor? _preprocessor;
    readonly string? _preprocessFault;
    readonly string? _tokenizerFault;
    ModelIdentity? _identity;
    readonly WorkspacePool<VisionWorkspace> _visionWork = new();
    readonly WorkspacePool<TextWorkspace> _textWork = new();
    readonly WorkspacePool<EffectWorkspace> _effectWork = new();
    readonly EffectBasis?[] _bases = new EffectBasis?[2];
    readonly Lock _gate = new();
    int _users;
    bool _disposed;

    ClipModel(ModelParts parts, Checkpoint checkpoint, TokenizerChoice tokenizer)
    {
        (_team, _kernels, _vision, _text) = (parts.Team, parts.Kernels, parts.Vision, parts.Text);
        Checkpoint = new CheckpointInfo(checkpoint);
        Config = checkpoint.Config;
        LogitScale = checkpoint.LogitScale is { } stored ? Elementary.Exp<Lanes1, float>(stored) : 1f;
        (Tokenizer, _tokenizerFault) = (tokenizer.Tokenizer, tokenizer.Fault);
        PreprocessConfig? preprocess = Config.Preprocess;
        if (Config.Vision != null)
            (_preprocessor, _preprocessFault) = (preprocess == null ? null : new ImagePreprocessor(preprocess), checkpoint.PreprocessFault);
        ResidentBytes = parts.ResidentBytes;
    }

    /// <summary>Loads a model from a folder, a <c>.safetensors</c> file or the index of a sharded checkpoint.</summary>
    /// <param name="path">The folder or file; the configuration and the vocabulary are looked for beside the weights.</param>
    /// <param name="options">Which towers, how many threads, and the like; null for the defaults.</param>
    /// <exception cref="CheckpointException">The model can't be used; the message says why.</exception>
    /// <exception cref="VocabularyException">The vocabulary is not the model's, or the one that the options name is damaged.</exception>
    /// <exception cref="Safetensors.SafetensorsException">A file of weights is damaged.</exception>
    /// <exception cref="IOException">A file is missing or unreadable.</exception>
    public static ClipModel Load(string path, ClipModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new ClipModelOptions();
        using Checkpoint checkpoint = Checkpoints.Checkpoint.Open(path, options.Checkpoint);
        return Load(checkpoint, TokenizerChoice.Find(checkpoint, path, options.TokenizerPath), options);
    }

    /// <summary>Loads a model from an open checkpoint, such as one over an embedded resource; it may be disposed afterwards.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="tokenizer">The vocabulary; null without one.</param>
    /// <param name="options">How many threads, and the like; the towers are those of the checkpoint.</param>
    /// <exception cref="CheckpointException">A weight is not finite, or the model wants another tokenizer than CLIP's.</exception>
    /// <exception cref="VocabularyException">The vocabulary is not the model's.</exception>
    public static ClipModel Load(Checkpoint checkpoint, ClipTokenizer? tokenizer, ClipModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Load(checkpoint, TokenizerChoice.Given(checkpoint, tokenizer), options ?? new ClipModelOptions());
    }

    static ClipModel Load(Checkpoint checkpoint, TokenizerChoice tokenizer, ClipModelOptions options)
    {
        if (options.CheckFinite)
            checkpoint.RequireFinite();
        return new ClipModel(ModelParts.Create(checkpoint, options), checkpoint, tokenizer);
    }

    /// <summary>Sizes and settings of the model.</summary>
    public ClipConfig Config { get; }

    /// <summary>Where the weights came from and what they hold.</summary>
    public CheckpointInfo Checkpoint { get; }

    /// <summary>What cosines are multiplied by before the softmax over texts: exp of the stored <c>logit_scale</c>.</summary>
    public float LogitScale { get; }

    /// <summary>The model's tokenizer; null when the checkpoint came without a vocabulary (token ids can still be given).</summary>
    public ClipTokenizer? Tokenizer { get; }

    /// <inheritdoc/>
    /// <exception cref="UnknownPreprocessingException">Nothing tells how pictures are prepared for this model.</exception>
    public ImagePreprocessor Preprocessor => _preprocessor
        ?? throw (_preprocessFault is { } fault ? new UnknownPreprocessingException(Checkpoint.Path, fault) : NoVisionTower());

    static InvalidOperationException NoVisionTower() =>
        new("This model has no vision tower: it was loaded from, or as, a text tower alone.");

    /// <summary>Whether the vision tower is there.</summary>
    public bool HasVision => _vision != null;

    /// <summary>Whether the text tower is there.</summary>
    public bool HasText => _text != null;

    /// <inheritdoc/>
    public VisionConfig VisionConfig => Config.Vision
        ?? throw new InvalidOperationException("This model has no vision tower: it was loaded from, or as, a text tower alone.");

    /// <inheritdoc/>
    public ModelIdentity Identity => _identity ??= new ModelIdentity(Checkpoint.Path, Checkpoint.Sha256);

    /// <summary>The register width in use.</summary>
    public Isa Isa => _kernels.Isa;

    /// <summary>Threads in use.</summary>
    public int ThreadCount => _team.Size;

    /// <summary>Bytes of weights in memory.</summary>
    public long ResidentBytes { get; }

    /// <summary>Width of the space that images and texts share (e).</summary>
    public int EmbedWidth => _vision?.EmbedWidth ?? _text!.EmbedWidth;

    /// <summary>Floats of one image's pixels: 3 · size · size.</summary>
    public int PixelCount => Vision.PixelCount;

    VisionTower Vision => _vision
        ?? throw new InvalidOperationException("This model has no vision tower: it was loaded from, or as, a text tower alone.");

    TextTower Text => _text
        ?? throw new InvalidOperationException("This model has no text tower: it was loaded from, or as, a vision tower alone.");

    /// <summary>Image representations. [b, e]</summary>
    /// <param name="pixels">Normalised pixels, as <see cref="Preprocessor"/> makes them. [b, 3, size, size]</param>
    /// <param name="destination">Where the representations go. [b, e]</param>
    /// <param name="normalize">Whether to scale each to length 1, so that dot products are cosines.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or a pixel is not finite.</exception>
    public unsafe void EncodeImages(ReadOnlySpan<float> pixels, Span<float> destination, bool normalize = true)
    {
        int images = ImageCount(pixels);
        int width = Vision.EmbedWidth;
        if (destination.Length != images * width)
            throw new ArgumentException(
                $"Room for {images} × {width} = {images * width} floats is needed, but the span has {destination.Length}.", nameof(destination));
        using Use use = new(this);
        fixed (float* source = pixels)
        {
            for (int first = 0; first < images; first += MaxImagesAtOnce)
            {
                int count = Math.Min(MaxImagesAtOnce, images - first);
                VisionWorkspace work = RentVision(count);
                NoProbe probe = default;
                MatrixView output = Vision.Encode(_team, work, source + ((long)first * PixelCount), count, ref probe, null);
                CopyRows(output, normalize, destination.Slice(first * width, count * width), default);
                _visionWork.Return(work);
            }
        }
    }

    /// <summary>Runs the vision tower under a probe. At most eight images.</summary>
    internal unsafe void Watch<TProbe>(ReadOnlySpan<float> pixels, ref TProbe probe) where TProbe : struct, IForwardProbe
    {
        int images = ImageCount(pixels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(images, MaxImagesAtOnce);
        using Use use = new(this);
        VisionWorkspace work = RentVision(images);
        fixed (float* source = pixels)
            Vision.Encode(_team, work, source, images, ref probe, null);
        _visionWork.Return(work);
    }

    /// <summary>The representation of one image. [e]</summary>
    /// <inheritdoc cref="EncodeImages(ReadOnlySpan{float}, Span{float}, bool)"/>
    public float[] EncodeImage(ReadOnlySpan<float> pixels, bool normalize = true)
    {
        if (pixels.Length != PixelCount)
            throw new ArgumentException(
                $"One image has 3 × {Vision.ImageSize} × {Vision.ImageSize} = {PixelCount} floats, but {pixels.Length} were given.", nameof(pixels));
        float[] destination = new float[Vision.EmbedWidth];
        EncodeImages(pixels, destination, normalize);
        return destination;
    }

    /// <summary>Image representations. [b, e]</summary>
    /// <inheritdoc cref="EncodeImages(ReadOnlySpan{float}, Span{float}, bool)"/>
    public Tensor<float> EncodeImages(ReadOnlySpan<float> pixels, bool normalize = true)
    {
        int images = ImageCount(pixels);
        float[] values = new float[images * Vision.EmbedWidth];
        EncodeImages(pixels, values, normalize);
        return Tensor.Create(values, [images, Vision.EmbedWidth]);
    }

    /// <summary>Text representations. [t, e]</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="normalize">Whether to scale each to length 1, so that dot products are cosines.</param>
    /// <exception cref="InvalidOperationException">The model has no text tower, or no vocabulary.</exception>
    public Tensor<float> EncodeTexts(ReadOnlySpan<string> texts, bool normalize = true)
    {
        ClipTokenizer tokenizer = RequireTokenizer();
        int[][] ids = new int[texts.Length][];
        for (int i = 0; i < texts.Length; i++)
            ids[i] = tokenizer.Encode(texts[i], Text.ContextLength);
        float[] values = new float[texts.Length * Text.EmbedWidth];
        EncodeTokens(ids, values, normalize);
        return Tensor.Create(values, [texts.Length, Text.EmbedWidth]);
    }

    /// <inheritdoc/>
    public void EncodeTexts(
        IReadOnlyList<string> texts, Span<float> destination, bool normalize = true, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int width = Text.EmbedWidth;
        if (destination.Length != texts.Count * width)
            throw new ArgumentException(
                $"Room for {texts.Count} × {width} floats is needed, but the span has {destination.Length}.", nameof(destination));
        ClipTokenizer tokenizer = RequireTokenizer();
        for (int first = 0; first < texts.Count; first += MaxTextsAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int[][] ids = new int[Math.Min(MaxTextsAtOnce, texts.Count - first)][];
            for (int i = 0; i < ids.Length; i++)
                ids[i] = tokenizer.Encode(texts[first + i], Text.ContextLength);
            EncodeTokens(ids, destination.Slice(first * width, ids.Length * width), normalize);
            progress?.Report(first + ids.Length);
        }
    }

    /// <summary>The representation of one text. [e]</summary>
    /// <inheritdoc cref="EncodeTexts(ReadOnlySpan{string}, bool)"/>
    public float[] EncodeText(string text, bool normalize = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        float[] destination = new float[Text.EmbedWidth];
        EncodeTokens([RequireTokenizer().Encode(text, Text.ContextLength)], destination, normalize);
        return destination;
    }

    /// <summary>Text representations from token ids. [t, e]</summary>
    /// <param name="ids">Ids of each text, the end token included; padding after it may be there or not.</param>
    /// <param name="destination">Where the representations go. [t, e]</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <exception cref="ArgumentException">An id lies outside the vocabulary, a text is empty, longer than the context or without the end token.</exception>
    public void EncodeTokens(ReadOnlySpan<int[]> ids, Span<float> destination, bool normalize = true)
    {
        TextTower tower = Text;
        int width = tower.EmbedWidth;
        if (destination.Length != ids.Length * width)
            throw new ArgumentException(
                $"Room for {ids.Length} × {width} = {ids.Length * width} floats is needed, but the span has {destination.Length}.",
                nameof(destination));
        using Use use = new(this);
        Span<int> lengths = stackalloc int[MaxTextsAtOnce];
        for (int first = 0; first < ids.Length; first += MaxTextsAtOnce)
        {
            int count = Math.Min(MaxTextsAtOnce, ids.Length - first), rows = 0;
            for (int i = 0; i < count; i++)
            {
                lengths[i] = UsedLength(tower, ids[first + i], first + i);
                rows += lengths[i];
            }
            int[] joined = System.Buffers.ArrayPool<int>.Shared.Rent(rows);
            rows = 0;
            for (int i = 0; i < count; i++)
            {
                ids[first + i].AsSpan(0, lengths[i]).CopyTo(joined.AsSpan(rows));
                rows += lengths[i];
            }
            TextWorkspace work = RentText(rows, count);
            NoProbe probe = default;
            unsafe
            {
                MatrixView output = tower.Encode(_team, work, joined.AsSpan(0, rows), lengths[..count], ref probe, null);
                CopyRows(output, normalize, destination.Slice(first * width, count * width), default);
            }
            _textWork.Return(work);
            System.Buffers.ArrayPool<int>.Shared.Return(joined);
        }
    }

    /// <summary>Directions to decompose along, folded into this model once, for many images.</summary>
    /// <param name="directions">Rows of the shared space, such as text representations. [T, e]</param>
    /// <exception cref="ArgumentException">The length is not a multiple of e.</exception>
    public EffectDirections CreateDirections(ReadOnlySpan<float> directions)
    {
        int width = Vision.EmbedWidth;
        if (directions.Length == 0 || directions.Length % width != 0)
            throw new ArgumentException(
                $"Directions are rows of {width} floats: {directions.Length} floats are not a whole number of them.", nameof(directions));
        return new EffectDirections(this, directions.ToArray(), directions.Length / width);
    }

    /// <summary>Splits image representations exactly into the direct effects of the model's parts, during one forward pass.</summary>
    /// <param name="pixels">Normalised pixels, as <see cref="Preprocessor"/> makes them. [b, 3, size, size]</param>
    /// <param name="options">How finely to split, and along which directions.</param>
    /// <param name="reuse">An earlier result of the same options and number of images, to be overwritten: nothing is allocated then.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, a pixel is not finite, or the directions belong to another model.</exception>
    public DirectEffects Decompose(ReadOnlySpan<float> pixels, DecomposeOptions? options = null, DirectEffects? reuse = null) =>
        Decompose(pixels, options ?? new DecomposeOptions(), reuse, null);

    /// <summary>Decomposes by head and gives the heads' coordinates too. [b, 3, size, size]</summary>
    (DirectEffects Effects, EffectCoordinates Coordinates) IImageModel.DecomposeToCoordinates(ReadOnlySpan<float> pixels)
    {
        TransformerShape shape = Vision.Transformer.Shape;
        EffectCoordinates coordinates = new(ImageCount(pixels), shape.LayerCount, shape.Width);
        return (Decompose(pixels, new DecomposeOptions { Level = EffectLevel.Layer }, null, coordinates), coordinates);
    }

    /// <summary>The constants that turn coordinates into effects.</summary>
    unsafe CoordinateBasis IImageModel.CoordinateBasis()
    {
        using Use use = new(this);
        EffectBasis basis = Basis(new DecomposeOptions());
        int layers = basis.Layers.Length, width = Vision.Transformer.Shape.Width, embed = EmbedWidth;
        float[] g = new float[(long)layers * width * embed], bias = new float[layers * embed];
        for (int layer = 0; layer < layers; layer++)
        {
            for (int i = 0; i < width; i++)
                for (int j = 0; j < embed; j++)
                    g[(((layer * width) + i) * embed) + j] = basis.Layers[layer][i, j];
            new ReadOnlySpan<float>(basis.OutBias(layer), embed).CopyTo(bias.AsSpan(layer * embed));
        }
        return new CoordinateBasis(g, bias, new ReadOnlySpan<float>(basis.Ones, embed).ToArray(), new ReadOnlySpan<float>(basis.Beta, embed).ToArray());
    }

    unsafe DirectEffects Decompose(ReadOnlySpan<float> pixels, DecomposeOptions options, DirectEffects? reuse, EffectCoordinates? coordinates)
    {
        int images = ImageCount(pixels);
        VisionTower tower = Vision;
        TransformerShape shape = tower.Transformer.Shape;
        if (options.Directions is { } given && given.Model != this)
            throw new ArgumentException("The directions were made by another model.", nameof(options));
        if (reuse != null && (reuse.ImageCount != images || reuse.Options != options))
            throw new ArgumentException("A result can be reused for the same options and number of images only.", nameof(reuse));

        using Use use = new(this);
        EffectBasis basis = Basis(options);
        DirectEffects effects = reuse ?? new DirectEffects(
            options, images, shape.LayerCount, shape.HeadCount, tower.TokenCount, basis.Columns, tower.EmbedWidth);
        fixed (float* source = pixels)
        {
            for (int first = 0; first < images; first += MaxImagesAtOnce)
            {
                int count = Math.Min(MaxImagesAtOnce, images - first);
                VisionWorkspace work = RentVision(count);
                EffectWorkspace kept = RentEffects(count);
                bool patches = options.Level == EffectLevel.Patch || coordinates != null;
                if (patches)
                    kept.Record.KeepWeightedValues();
                EffectRecord.Probe probe = new(kept.Record, count, patches);
                MatrixView output = tower.Encode(
                    _team, work, source + ((long)first * PixelCount), count, ref probe, kept.Record.Stats);
                int width = tower.EmbedWidth;
                CopyRows(
                    output, true, effects.RepresentationValues.AsSpan(first * width, count * width),
                    effects.NormValues.AsSpan(first, count));
                Decomposer.Run(
                    _team, _kernels, work.Transformer.Scratch, basis, shape, kept.Record, kept.Items, first, count, effects);
                coordinates?.Take(kept.Record, first, count, shape.HeadCount, effects);
                _effectWork.Return(kept);
                _visionWork.Return(work);
            }
        }
        return effects;
    }

    /// <summary>Frees the weights, once no call runs any more; calls that begin later are refused.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            if (_users > 0)
                return;
        }
        Free();
    }

    EffectBasis Basis(DecomposeOptions options)
    {
        if (options.Directions is { } directions)
            return directions.Basis(_team, Vision, options.MeanShare);
        lock (_gate)
            return _bases[(int)options.MeanShare] ??= EffectBasis.Create(_team, Vision, options.MeanShare, [], 0);
    }

    ClipTokenizer RequireTokenizer() => Tokenizer ?? throw (_tokenizerFault is { } fault
        ? new VocabularyException(Checkpoint.Path, fault)
        : new InvalidOperationException($"The checkpoint '{Checkpoint.Path}' came without a vocabulary: add tokenizer.json, vocab.json with "
            + $"merges.txt, or bpe_simple_vocab_16e6.txt.gz to its folder, or give {nameof(ClipModelOptions)}.{nameof(ClipModelOptions.TokenizerPath)}."));

    int ImageCount(ReadOnlySpan<float> pixels)
    {
        int one = PixelCount, size = Vision.ImageSize;
        if (pixels.Length == 0 || pixels.Length % one != 0)
            throw new ArgumentException(
                $"An image has 3 × {size} × {size} = {one} floats: {pixels.Length} floats are not a whole number of images.", nameof(pixels));
        for (int i = 0; i < pixels.Length; i++)
            if (!float.IsFinite(pixels[i]))
                throw new ArgumentException(
                    $"The pixels are not finite: image {i / one}, channel {i % one / (size * size)}, row {i % (size * size) / size}, "
                    + $"column {i % size} holds {pixels[i]}.", nameof(pixels));
        return pixels.Length / one;
    }

    static int UsedLength(TextTower tower, int[] ids, int text)
    {
        if (ids.Length == 0)
            throw new ArgumentException($"Text {text} has no token ids.", nameof(ids));
        if (ids.Length > tower.ContextLength)
            throw new ArgumentException(
                $"Text {text} has {ids.Length} token ids, more than the context of {tower.ContextLength}: cut it, keeping the end token.",
                nameof(ids));
        foreach (int id in ids)
            if ((uint)id >= (uint)tower.VocabularySize)
                throw new ArgumentException(
                    $"Text {text} holds the token id {id}, outside the vocabulary of {tower.VocabularySize}.", nameof(ids));
        int pooled = tower.PooledToken(ids);
        return pooled >= 0 ? pooled + 1
            : throw new ArgumentException($"Text {text} lacks the end token {tower.EndToken}, where it is pooled: end it with this id.", nameof(ids));
    }

    unsafe void CopyRows(MatrixView rows, bool normalize, Span<float> destination, Span<float> norms)
    {
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<float> row = destination.Slice(i * rows.Columns, rows.Columns);
            rows.RowSpan(i).CopyTo(row);
            float norm = _kernels.Norm(rows.Row(i), rows.Columns);
            if (norms.Length > 0)
                norms[i] = norm;
            if (normalize)
                for (int j = 0; j < row.Length; j++)
                    row[j] /= norm;
        }
    }

    VisionWorkspace RentVision(int images) =>
        _visionWork.Rent(images, static (work, count) => work.MaxImages >= count) ?? Vision.CreateWorkspace(images, _team.Size);

    TextWorkspace RentText(int rows, int texts) =>
        _textWork.Rent(
            (Rows: rows, Texts: texts),
            static (work, size) => work.Transformer.MaxRows >= size.Rows && work.Transformer.MaxSequences >= size.Texts)
        ?? Text.CreateWorkspace(rows, texts, _team.Size);

    EffectWorkspace RentEffects(int images) =>
        _effectWork.Rent(images, static (work, count) => work.Record.MaxImages >= count)
        ?? new EffectWorkspace(new EffectRecord(Vision.Transformer.Shape, images, Vision.TokenCount));

    void Free()
    {
        _team.Dispose();
        _visionWork.Dispose();
        _textWork.Dispose();
        _effectWork.Dispose();
        foreach (EffectBasis? basis in _bases)
            basis?.Dispose();
        _vision?.Dispose();
        _text?.Dispose();
    }

    /// <summary>Keeps the model alive while a call runs.</summary>
    readonly ref struct Use
    {
        readonly ClipModel _model;

        public Use(ClipModel model)
        {
            lock (model._gate)
            {
                ObjectDisposedException.ThrowIf(model._disposed, model);
                model._users++;
            }
            _model = model;
        }

        public void Dispose()
        {
            bool last;
            lock (_model._gate)
                last = --_model._users == 0 && _model._disposed;
            if (last)
                _model.Free();
        }
    }
}

/// <summary>Memory of one decomposition.</summary>
sealed class EffectWorkspace(EffectRecord record) : IDisposable
{
    public EffectRecord Record => record;

    public EffectItemList Items { get; } = new();

    public void Dispose()
    {
        record.Dispose();
        Items.Dispose();
    }
}
