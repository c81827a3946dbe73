using System.Numerics.Tensors;
using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore.Decomposition;

/// <summary>The arrays of a capture, and the memory between a pass and them.</summary>
sealed unsafe class CaptureStore : IDisposable
{
    // Patterns of a pass lie in memory of their own until they are copied: that of large models stays within this.
    const long MostPatternFloats = 16 << 20;

    const string Remedy = "capture fewer images at a time, or less of them";

    readonly TransformerShape _shape;
    readonly int _images, _tokens;
    readonly int[] _heads;
    readonly float[]?[,] _arrays;
    AlignedBuffer? _patterns;

    public CaptureStore(CaptureOptions options, TransformerShape shape, int images, int tokens)
    {
        (Options, _shape, _images, _tokens) = (options, shape, images, tokens);
        _heads = options.PatternHeads == null ? [.. Enumerable.Range(0, shape.HeadCount)]
            : Checked(options.PatternHeads, shape.HeadCount, nameof(CaptureOptions.PatternHeads), "heads");
        _arrays = new float[]?[Enum.GetValues<CaptureKind>().Length, shape.LayerCount];
        int[] pattern = [images, _heads.Length, options.ClassTokenPatternsOnly ? 1 : tokens, tokens];
        int[] residual = [images, options.ClassTokenResidualsOnly ? 1 : tokens, shape.Width];
        Make(CaptureKind.Patterns, options.PatternLayers, nameof(CaptureOptions.PatternLayers), pattern);
        Make(CaptureKind.ResidualPre, options.ResidualPreLayers, nameof(CaptureOptions.ResidualPreLayers), residual);
        Make(CaptureKind.ResidualMid, options.ResidualMidLayers, nameof(CaptureOptions.ResidualMidLayers), residual);
        Make(CaptureKind.ResidualPost, options.ResidualPostLayers, nameof(CaptureOptions.ResidualPostLayers), residual);

        long image = (long)shape.HeadCount * tokens * (options.ClassTokenPatternsOnly ? 1 : tokens);
        bool anyPatterns = options.PatternLayers.Count > 0;
        ImagesAtOnce = anyPatterns ? (int)Math.Clamp(MostPatternFloats / image, 1, Engine.MaxImagesAtOnce) : Engine.MaxImagesAtOnce;
        if (anyPatterns)
            _patterns = new AlignedBuffer(Math.Min(ImagesAtOnce, images) * image);

        int last = shape.LayerCount - 1;
        NeedsAllTokens = options.PatchTokens
            || (Wants(CaptureKind.Patterns, last) && !options.ClassTokenPatternsOnly)
            || ((Wants(CaptureKind.ResidualMid, last) || Wants(CaptureKind.ResidualPost, last)) && !options.ClassTokenResidualsOnly);
    }

    public CaptureOptions Options { get; }

    public int TokenCount => _tokens;

    /// <summary>Images of a pass.</summary>
    public int ImagesAtOnce { get; }

    /// <summary>Whether the last layer must run for every token.</summary>
    public bool NeedsAllTokens { get; }

    public Tensor<float> Get(CaptureKind kind, int layer)
    {
        if ((uint)layer >= (uint)_shape.LayerCount || _arrays[(int)kind, layer] is not { } values)
            throw new ArgumentException(
                $"{kind} of layer {layer} were not captured: name the layer in "
                + $"CaptureOptions.{(kind == CaptureKind.Patterns ? "Pattern" : kind)}Layers.", nameof(layer));
        bool one = kind == CaptureKind.Patterns ? Options.ClassTokenPatternsOnly : Options.ClassTokenResidualsOnly;
        nint[] shape = kind == CaptureKind.Patterns
            ? one ? [_images, _heads.Length, _tokens] : [_images, _heads.Length, _tokens, _tokens]
            : one ? [_images, _shape.Width] : [_images, _tokens, _shape.Width];
        return Tensor.Create(values, shape);
    }

    /// <summary>Where a layer's attention keeps its patterns.</summary>
    public PatternSinks Sinks(int layer)
    {
        if (!Wants(CaptureKind.Patterns, layer))
            return default;
        float* data = _patterns!.Data;
        return Options.ClassTokenPatternsOnly ? new PatternSinks(data, null, null, _tokens, 0) : new PatternSinks(null, data, null, _tokens, 0);
    }

    /// <summary>Takes the patterns of a layer out of the sinks.</summary>
    public void TakePatterns(int layer, int firstImage, int images)
    {
        if (_arrays[(int)CaptureKind.Patterns, layer] is not { } destination)
            return;
        int length = Options.ClassTokenPatternsOnly ? _tokens : _tokens * _tokens;
        for (int image = 0; image < images; image++)
            for (int i = 0; i < _heads.Length; i++)
            {
                float* source = _patterns!.Data + ((((long)image * _shape.HeadCount) + _heads[i]) * length);
                new ReadOnlySpan<float>(source, length).CopyTo(destination.AsSpan((((firstImage + image) * _heads.Length) + i) * length));
            }
    }

    /// <summary>Takes a residual stream.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="layer">Of which layer.</param>
    /// <param name="residual">All tokens of all images of the pass, or their class tokens alone.</param>
    /// <param name="firstImage">Where the pass starts in the result.</param>
    /// <param name="images">Images of the pass.</param>
    public void TakeResidual(CaptureKind kind, int layer, MatrixView residual, int firstImage, int images)
    {
        if (_arrays[(int)kind, layer] is not { } destination)
            return;
        int rows = Options.ClassTokenResidualsOnly ? 1 : _tokens, step = residual.Rows / images, width = _shape.Width;
        for (int image = 0; image < images; image++)
            for (int row = 0; row < rows; row++)
                residual.RowSpan((image * step) + row).CopyTo(destination.AsSpan((((firstImage + image) * rows) + row) * width));
    }

    public void Dispose()
    {
        _patterns?.Dispose();
        _patterns = null;
    }

    bool Wants(CaptureKind kind, int layer) => _arrays[(int)kind, layer] != null;

    void Make(CaptureKind kind, IReadOnlyList<int> layers, string name, int[] sizes)
    {
        foreach (int layer in Checked(layers, _shape.LayerCount, name, "layers"))
            _arrays[(int)kind, layer] = new float[ArrayLength.Of($"{kind} of a layer", Remedy, sizes)];
    }

    static int[] Checked(IReadOnlyList<int> indices, int count, string name, string what)
    {
        ArgumentNullException.ThrowIfNull(indices, name);
        foreach (int index in indices)
            if ((uint)index >= (uint)count)
                throw new ArgumentException($"CaptureOptions.{name} names {index}, but the model's {what} are 0 … {count - 1}.", name);
        int[] distinct = [.. indices.Distinct()];
        return distinct.Length == indices.Count ? distinct : throw new ArgumentException($"CaptureOptions.{name} names one of the {what} twice.", name);
    }
}
