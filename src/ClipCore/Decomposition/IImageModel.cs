using ClipCore.Checkpoints;
using ClipCore.Images;

namespace ClipCore.Decomposition;

/// <summary>
/// What the experiments need of a model: representations of images and their exact decomposition. <see cref="ClipModel"/> is one; the experiments know no more
/// of it. Safe for many threads at once.
/// </summary>
public interface IImageModel
{
    /// <summary>Name and weights.</summary>
    /// <remarks>The hash is computed when first asked for: it reads the whole file.</remarks>
    ModelIdentity Identity { get; }

    /// <summary>Sizes of the vision tower.</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    VisionConfig VisionConfig { get; }

    /// <summary>Width of the space that images and texts share (e).</summary>
    int EmbedWidth { get; }

    /// <summary>What cosines are multiplied by before the softmax over texts.</summary>
    float LogitScale { get; }

    /// <summary>Turns pictures into the pixels that the model takes.</summary>
    /// <exception cref="InvalidOperationException">The model has no vision tower, or nothing says how its pictures are prepared.</exception>
    ImagePreprocessor Preprocessor { get; }

    /// <summary>Image representations. [b, e]</summary>
    /// <param name="pixels">Normalised pixels, as <see cref="Preprocessor"/> makes them. [b, 3, size, size]</param>
    /// <param name="destination">Where the representations go. [b, e]</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    void EncodeImages(ReadOnlySpan<float> pixels, Span<float> destination, bool normalize = true);

    /// <summary>Directions to decompose along, folded into this model once, for many images.</summary>
    /// <param name="directions">Rows of the shared space. [T, e]</param>
    EffectDirections CreateDirections(ReadOnlySpan<float> directions);

    /// <summary>Splits image representations exactly into the direct effects of the model's parts.</summary>
    /// <param name="pixels">Normalised pixels. [b, 3, size, size]</param>
    /// <param name="options">How finely to split, and along which directions; null for the defaults.</param>
    /// <param name="reuse">An earlier result of the same options and number of images, to be overwritten.</param>
    DirectEffects Decompose(ReadOnlySpan<float> pixels, DecomposeOptions? options = null, DirectEffects? reuse = null);

    /// <summary>One pass that gives an image's effects along directions chosen by its representation, and what attention alone says of it.</summary>
    /// <param name="pixels">Normalised pixels of one image. [3, size, size]</param>
    /// <param name="choose">The directions, given the unit representation [e].</param>
    (DirectEffects Effects, AttentionMaps Attention) DecomposeWithAttention(ReadOnlySpan<float> pixels, Func<float[], EffectDirections> choose);

    /// <summary>Decomposes by layer and gives the heads' coordinates too.</summary>
    internal (DirectEffects Effects, EffectCoordinates Coordinates) DecomposeToCoordinates(ReadOnlySpan<float> pixels);

    /// <summary>The constants that turn coordinates into effects.</summary>
    internal CoordinateBasis CoordinateBasis();
}
