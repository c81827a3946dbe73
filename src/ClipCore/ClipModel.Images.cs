using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ClipCore.Decomposition;
using ClipCore.Memory;

namespace ClipCore;

public sealed partial class ClipModel
{
    /// <summary>Image representations. [b, e]</summary>
    /// <param name="pixels">Normalised pixels, as <see cref="Preprocessor"/> makes them. [b, 3, size, size]</param>
    /// <param name="destination">Where the representations go. [b, e]</param>
    /// <param name="normalize">Whether to scale each to length 1, so that dot products are cosines.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or a pixel is not finite.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public void EncodeImages(ReadOnlySpan<float> pixels, Span<float> destination, bool normalize = true) =>
        _engine.EncodeImages(pixels, destination, normalize);

    /// <summary>The representation of one image. [e]</summary>
    /// <param name="pixels">Normalised pixels of one image. [3, size, size]</param>
    /// <param name="normalize">Whether to scale it to length 1.</param>
    /// <exception cref="ArgumentException">The length does not fit, or a pixel is not finite.</exception>
    /// <exception cref="NonFiniteResultException">The representation is not finite, or zero where it should have length 1.</exception>
    public float[] EncodeImage(ReadOnlySpan<float> pixels, bool normalize = true)
    {
        if (pixels.Length != PixelCount)
            throw new ArgumentException(
                $"One image has 3 × {VisionConfig.ImageSize} × {VisionConfig.ImageSize} = {PixelCount} floats, but {pixels.Length} were given.",
                nameof(pixels));
        return EncodeImageRows(pixels, normalize);
    }

    /// <summary>Image representations as rows of one array. [b × e]</summary>
    /// <inheritdoc cref="EncodeImages(ReadOnlySpan{float}, Span{float}, bool)"/>
    public float[] EncodeImageRows(ReadOnlySpan<float> pixels, bool normalize = true)
    {
        float[] rows = NewRows(_engine.ImageCount(pixels));
        _engine.EncodeImages(pixels, rows, normalize);
        return rows;
    }

    /// <summary>Image representations. [b, e]</summary>
    /// <inheritdoc cref="EncodeImages(ReadOnlySpan{float}, Span{float}, bool)"/>
    public Tensor<float> EncodeImages(ReadOnlySpan<float> pixels, bool normalize = true) => Matrix(EncodeImageRows(pixels, normalize));

    /// <summary>Directions to decompose along, folded into this model once, for many images.</summary>
    /// <param name="directions">Rows of the shared space, such as text representations; copied. [T, e]</param>
    /// <exception cref="ArgumentException">The length is not a multiple of e, or a number is not finite.</exception>
    [OverloadResolutionPriority(1)]
    public EffectDirections CreateDirections(ReadOnlySpan<float> directions) => _engine.CreateDirections(directions);

    /// <inheritdoc cref="CreateDirections(ReadOnlySpan{float})"/>
    public EffectDirections CreateDirections(ReadOnlyTensorSpan<float> directions) => CreateDirections(Rows(directions, nameof(directions)));

    /// <summary>Splits image representations exactly into the direct effects of the model's parts, during one forward pass.</summary>
    /// <param name="pixels">Normalised pixels, as <see cref="Preprocessor"/> makes them. [b, 3, size, size]</param>
    /// <param name="options">How finely to split, and along which directions.</param>
    /// <param name="reuse">An earlier result of the same options and number of images, to be overwritten: nothing is allocated then.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit each other, a pixel is not finite, the directions or the earlier result belong to another model, or the result would be too
    /// large for one array.
    /// </exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero.</exception>
    /// <exception cref="ObjectDisposedException">The model or the directions were disposed before the call.</exception>
    public DirectEffects Decompose(ReadOnlySpan<float> pixels, DecomposeOptions? options = null, DirectEffects? reuse = null) =>
        _engine.Decompose(pixels, options ?? new DecomposeOptions(), reuse);

    /// <summary>
    /// One forward pass that gives both an image's effects by patch along directions chosen by its representation, and what attention alone says of it:
    /// the baselines of a heatmap.
    /// </summary>
    /// <param name="pixels">Normalised pixels of one image. [3, size, size]</param>
    /// <param name="choose">The directions to decompose along, given the unit representation [e].</param>
    /// <exception cref="ArgumentException">The length does not fit, a pixel is not finite, or the directions belong to another model.</exception>
    /// <exception cref="NonFiniteResultException">The representation is not finite, or zero.</exception>
    public (DirectEffects Effects, AttentionMaps Attention) DecomposeWithAttention(
        ReadOnlySpan<float> pixels, Func<float[], EffectDirections> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        return _engine.DecomposeWithAttention(pixels, choose);
    }

    /// <summary>
    /// Attention patterns, the residual stream and patch tokens of any layers, from one forward pass that keeps only what is asked for, beside the
    /// representations.
    /// </summary>
    /// <param name="pixels">Normalised pixels, as <see cref="Preprocessor"/> makes them. [b, 3, size, size]</param>
    /// <param name="options">What to keep.</param>
    /// <exception cref="ArgumentException">
    /// The pixels are no whole images or not finite, a layer or head is not there or named twice, or an array would be too large.
    /// </exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero.</exception>
    public CaptureResult Capture(ReadOnlySpan<float> pixels, CaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _engine.Capture(pixels, options);
    }

    /// <inheritdoc/>
    (DirectEffects Effects, EffectCoordinates Coordinates) IImageModel.DecomposeToCoordinates(ReadOnlySpan<float> pixels) =>
        _engine.DecomposeToCoordinates(pixels);

    /// <inheritdoc/>
    CoordinateBasis IImageModel.CoordinateBasis() => _engine.CoordinateBasis();

    float[] NewRows(int count) => new float[ArrayLength.Of("The representations", "encode fewer at a time", count, EmbedWidth)];

    Tensor<float> Matrix(float[] rows) => Tensor.Create(rows, [rows.Length / EmbedWidth, EmbedWidth]);

    /// <summary>The rows of a matrix, one after the other.</summary>
    float[] Rows(ReadOnlyTensorSpan<float> matrix, string argument)
    {
        if (matrix.Rank is not (1 or 2) || matrix.Lengths[^1] != EmbedWidth)
            throw new ArgumentException(
                $"A matrix with rows of {EmbedWidth} floats is needed, but this one is [{string.Join(", ", matrix.Lengths.ToArray())}].", argument);
        float[] rows = new float[checked((int)matrix.FlattenedLength)];
        matrix.FlattenTo(rows);
        return rows;
    }
}
