namespace ClipCore.Decomposition;

/// <summary>The direct effects of many images, read image by image, so that a set of any size takes the memory of one.</summary>
public abstract class EffectSet : IDisposable
{
    /// <summary>Number of images (n).</summary>
    public abstract int ImageCount { get; }

    /// <summary>Layers (L).</summary>
    public abstract int LayerCount { get; }

    /// <summary>Heads of a layer (H).</summary>
    public abstract int HeadCount { get; }

    /// <summary>Width of the shared space (e).</summary>
    public abstract int Width { get; }

    /// <summary>Whether the class token's share of attention is there.</summary>
    public abstract bool HasClassAttention { get; }

    /// <summary>The class of each image, −1 where an image has none (it counts for means, not for accuracies); null where none is known. [n]</summary>
    public int[]? Labels { get; init; }

    /// <summary>A second label of each image, such as the background; null where none is known. [n]</summary>
    public int[]? Attributes { get; init; }

    /// <summary>Names of the images; null where none are known. [n]</summary>
    public string[]? Names { get; init; }

    /// <summary>Reads one image.</summary>
    /// <param name="image">Its index.</param>
    /// <param name="heads">Effects of the heads. [L, H, e]</param>
    /// <param name="mlps">Effects of the embedding and the MLPs. [L + 1, e]</param>
    /// <param name="classAttention">What the heads of each layer take from the class token itself, in all; empty where not wanted. [L, e]</param>
    public abstract void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what the set reads from.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Labels, or a clear error where there are none.</summary>
    /// <exception cref="InvalidDataException">There are none, or one lies outside the classes.</exception>
    internal int[] RequireLabels(int classCount)
    {
        int[] labels = Labels ?? throw new InvalidDataException("This set has no labels: add labels.npy, one class index for each image.");
        int bad = Array.FindIndex(labels, label => label < -1 || label >= classCount);
        if (labels.Length != ImageCount)
            throw new InvalidDataException($"There are {labels.Length} labels for {ImageCount} images: they do not belong together.");
        return bad < 0 ? labels
            : throw new InvalidDataException($"Image {bad} has the label {labels[bad]}, but the classifier has the classes 0 … {classCount - 1}: labels and classifier do not belong together.");
    }
}

/// <summary>Direct effects in memory.</summary>
/// <param name="heads">[n, L, H, e]</param>
/// <param name="mlps">[n, L + 1, e]</param>
/// <param name="classAttention">[n, L, e], or null.</param>
/// <param name="layerCount">L.</param>
/// <param name="headCount">H.</param>
/// <param name="width">e.</param>
public sealed class EffectArrays(float[] heads, float[] mlps, float[]? classAttention, int layerCount, int headCount, int width) : EffectSet
{
    /// <inheritdoc/>
    public override int ImageCount => mlps.Length / ((layerCount + 1) * width);

    /// <inheritdoc/>
    public override int LayerCount => layerCount;

    /// <inheritdoc/>
    public override int HeadCount => headCount;

    /// <inheritdoc/>
    public override int Width => width;

    /// <inheritdoc/>
    public override bool HasClassAttention => classAttention != null;

    /// <inheritdoc/>
    public override void Read(int image, Span<float> headEffects, Span<float> mlpEffects, Span<float> classEffects)
    {
        Slice(heads, image, layerCount * headCount * width).CopyTo(headEffects);
        Slice(mlps, image, (layerCount + 1) * width).CopyTo(mlpEffects);
        if (classEffects.Length > 0)
            Slice(classAttention ?? throw new InvalidOperationException("This set has no class-token attention."), image, layerCount * width).CopyTo(classEffects);
    }

    static ReadOnlySpan<float> Slice(float[] values, int image, int length) => values.AsSpan(image * length, length);
}
