using System.Numerics.Tensors;

namespace ClipCore.Decomposition;

/// <summary>What <see cref="ClipModel.Capture"/> kept of a forward pass. Safe for many threads.</summary>
/// <remarks>
/// n is the number of tokens: the class token (0) and N patches, row by row. d is the width of the residual stream, e that of the shared space.
/// </remarks>
public sealed class CaptureResult
{
    readonly CaptureStore _store;

    internal CaptureResult(CaptureStore store, float[] representation, float[] norms, float[]? patchTokens, int embedWidth)
    {
        _store = store;
        Norms = norms;
        int images = norms.Length;
        Representation = Tensor.Create(representation, [images, embedWidth]);
        if (patchTokens != null)
            PatchTokens = Tensor.Create(patchTokens, [images, store.TokenCount - 1, embedWidth]);
    }

    /// <summary>What was asked for.</summary>
    public CaptureOptions Options => _store.Options;

    /// <summary>Number of images (b).</summary>
    public int ImageCount => Norms.Count;

    /// <summary>Unit image representations, to the bits of <see cref="IImageModel.EncodeImages"/>. [b, e]</summary>
    public Tensor<float> Representation { get; }

    /// <summary>Length of each representation before its normalisation. [b]</summary>
    public IReadOnlyList<float> Norms { get; }

    /// <summary>
    /// The patches after the last layer, through the last LayerNorm and the projection, not normalised; null where not asked for. [b, N, e]
    /// </summary>
    public Tensor<float>? PatchTokens { get; }

    /// <summary>
    /// Attention patterns of a layer: [b, H, n, n], from the token of the third axis to that of the fourth, each row summing to 1; [b, H, n] where only
    /// the class token's rows were asked for. H counts the heads that were asked for, in their order.
    /// </summary>
    /// <exception cref="ArgumentException">They were not asked for.</exception>
    public Tensor<float> Patterns(int layer) => _store.Get(CaptureKind.Patterns, layer);

    /// <summary>The residual stream before a layer. [b, n, d], or [b, d] of the class token where only that was asked for.</summary>
    /// <exception cref="ArgumentException">It was not asked for.</exception>
    public Tensor<float> ResidualPre(int layer) => _store.Get(CaptureKind.ResidualPre, layer);

    /// <summary>The residual stream between a layer's attention and its MLP. [b, n, d], or [b, d] of the class token where only that was asked for.</summary>
    /// <exception cref="ArgumentException">It was not asked for.</exception>
    public Tensor<float> ResidualMid(int layer) => _store.Get(CaptureKind.ResidualMid, layer);

    /// <summary>The residual stream after a layer. [b, n, d], or [b, d] of the class token where only that was asked for.</summary>
    /// <exception cref="ArgumentException">It was not asked for.</exception>
    public Tensor<float> ResidualPost(int layer) => _store.Get(CaptureKind.ResidualPost, layer);
}
