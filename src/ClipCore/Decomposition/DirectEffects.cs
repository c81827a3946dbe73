using System.Numerics.Tensors;
using ClipCore.Memory;

namespace ClipCore.Decomposition;

/// <summary>
/// The direct effects of a model's parts on image representations: the parts sum to the unit representation (or to its projections).
/// Equation 3 and 5 of arXiv 2310.05916.
/// </summary>
/// <remarks>
/// The last axis has length T: the width e of the shared space, or the number of directions that were asked for. Safe for many threads, as long as no
/// call overwrites the result.
/// </remarks>
public sealed class DirectEffects
{
    const string Remedy = "decompose fewer images at a time, or project on directions";

    internal DirectEffects(
        Engine engine, DecomposeOptions options, int imageCount, int layerCount, int headCount, int tokenCount, int columns, int embedWidth)
    {
        Engine = engine;
        Options = options;
        ImageCount = imageCount;
        LayerCount = layerCount;
        HeadCount = headCount;
        TokenCount = tokenCount;
        Columns = columns;
        int[] shape = options.Level switch
        {
            EffectLevel.Layer => [imageCount, layerCount, columns],
            EffectLevel.Head => [imageCount, layerCount, headCount, columns],
            _ => [imageCount, layerCount, tokenCount, headCount, columns],
        };
        AttentionValues = new float[ArrayLength.Of("The direct effects of attention", Remedy, shape)];
        MlpValues = new float[ArrayLength.Of("The direct effects of the MLPs", Remedy, imageCount, layerCount + 1, columns)];
        RepresentationValues = new float[ArrayLength.Of("The representations", Remedy, imageCount, embedWidth)];
        Attention = Tensor.Create(AttentionValues, [.. shape.Select(size => (nint)size)]);
        Mlps = Tensor.Create(MlpValues, [imageCount, layerCount + 1, columns]);
        Representation = Tensor.Create(RepresentationValues, [imageCount, embedWidth]);
        NormValues = new float[imageCount];
        CompletenessValues = new float[imageCount];
    }

    /// <summary>What was asked for.</summary>
    public DecomposeOptions Options { get; }

    /// <summary>Number of images (b).</summary>
    public int ImageCount { get; }

    /// <summary>Layers of the vision tower (L).</summary>
    public int LayerCount { get; }

    /// <summary>Heads of a layer (H).</summary>
    public int HeadCount { get; }

    /// <summary>Class token and patches (n = N + 1).</summary>
    public int TokenCount { get; }

    /// <summary>Length of the last axis (T).</summary>
    public int Columns { get; }

    /// <summary>
    /// Direct effects of attention: [b, L, T] by layer, [b, L, H, T] by head, [b, L, n, H, T] by source token and head
    /// (token 0 is the class token).
    /// </summary>
    public Tensor<float> Attention { get; }

    /// <summary>
    /// Direct effects of the embedding (index 0: the class token after <c>ln_pre</c>) and of the MLP of layer i − 1 (index i). [b, L + 1, T]
    /// </summary>
    public Tensor<float> Mlps { get; }

    /// <summary>Unit image representations. [b, e]</summary>
    public Tensor<float> Representation { get; }

    /// <summary>Length of each representation before its normalisation. [b]</summary>
    public ReadOnlySpan<float> Norms => NormValues;

    /// <summary>
    /// The completeness certificate of each image: the largest absolute difference between the sum of all parts and the unit representation (or its
    /// projections on the directions), or how far the representation's length is from 1 where that is more. [b]
    /// </summary>
    public ReadOnlySpan<float> Completeness => CompletenessValues;

    /// <summary>The values of <see cref="Attention"/> as they lie in memory, the last axis fastest.</summary>
    public ReadOnlySpan<float> AttentionSpan => AttentionValues;

    /// <summary>The values of <see cref="Mlps"/> as they lie in memory. [b, L + 1, T]</summary>
    public ReadOnlySpan<float> MlpSpan => MlpValues;

    /// <summary>The values of <see cref="Representation"/> as they lie in memory. [b, e]</summary>
    public ReadOnlySpan<float> RepresentationSpan => RepresentationValues;

    /// <summary>How many parts the representation was split into.</summary>
    public int PartCount => Options.Level switch
    {
        EffectLevel.Layer => (2 * LayerCount) + 1,
        EffectLevel.Head => (LayerCount * HeadCount) + LayerCount + 1,
        _ => (LayerCount * HeadCount * TokenCount) + LayerCount + 1,
    };

    /// <summary>What computed it.</summary>
    internal Engine Engine { get; }

    internal float[] AttentionValues { get; }

    internal float[] MlpValues { get; }

    internal float[] RepresentationValues { get; }

    internal float[] NormValues { get; }

    internal float[] CompletenessValues { get; }

    /// <summary>The effect of the class token after <c>ln_pre</c> on an image. [T]</summary>
    public ReadOnlySpan<float> Embed(int image = 0) => MlpRow(image, 0);

    /// <summary>The effect of a layer's MLP on an image. [T]</summary>
    public ReadOnlySpan<float> Mlp(int layer, int image = 0)
    {
        Check(layer, LayerCount, nameof(layer));
        return MlpRow(image, layer + 1);
    }

    /// <summary>The effect of a layer's attention on an image; for decompositions by layer. [T]</summary>
    public ReadOnlySpan<float> Layer(int layer, int image = 0)
    {
        Require(EffectLevel.Layer);
        Check(image, ImageCount, nameof(image));
        Check(layer, LayerCount, nameof(layer));
        return AttentionValues.AsSpan(((image * LayerCount) + layer) * Columns, Columns);
    }

    /// <summary>The effect of a head on an image; for decompositions by head. [T]</summary>
    public ReadOnlySpan<float> Head(int layer, int head, int image = 0)
    {
        Require(EffectLevel.Head);
        Check(image, ImageCount, nameof(image));
        Check(layer, LayerCount, nameof(layer));
        Check(head, HeadCount, nameof(head));
        return AttentionValues.AsSpan(((((image * LayerCount) + layer) * HeadCount) + head) * Columns, Columns);
    }

    /// <summary>The effect of what a head moves from a token (0: the class token, else patch token − 1); for decompositions by patch. [T]</summary>
    public ReadOnlySpan<float> Patch(int layer, int head, int token, int image = 0)
    {
        Require(EffectLevel.Patch);
        Check(image, ImageCount, nameof(image));
        Check(layer, LayerCount, nameof(layer));
        Check(head, HeadCount, nameof(head));
        Check(token, TokenCount, nameof(token));
        long row = (((((long)image * LayerCount) + layer) * TokenCount) + token) * HeadCount + head;
        return AttentionValues.AsSpan(checked((int)(row * Columns)), Columns);
    }

    ReadOnlySpan<float> MlpRow(int image, int index)
    {
        Check(image, ImageCount, nameof(image));
        return MlpValues.AsSpan(((image * (LayerCount + 1)) + index) * Columns, Columns);
    }

    void Require(EffectLevel level)
    {
        if (Options.Level != level)
            throw new InvalidOperationException($"This decomposition is by {Options.Level}, not by {level}: ask for Level = EffectLevel.{level}.");
    }

    static void Check(int index, int count, string name)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(name, index, $"Must lie in 0 … {count - 1}.");
    }
}
