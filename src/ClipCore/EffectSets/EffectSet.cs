using ClipCore.Decomposition;

namespace ClipCore.EffectSets;

/// <summary>The direct effects of many images, read image by image, so that a set of any size takes the memory of one.</summary>
/// <remarks>A set is for one thread at a time unless its own type says otherwise. Arrays given to a set's properties are copied.</remarks>
public abstract class EffectSet : IDisposable
{
    /// <summary>Number of images (n).</summary>
    public abstract int ImageCount { get; }

    /// <summary>Layers (L).</summary>
    public abstract int LayerCount { get; }

    /// <summary>Heads of a layer (H).</summary>
    public abstract int HeadCount { get; }

    /// <summary>Width of the shared space (e).</summary>
    public abstract int EmbedWidth { get; }

    /// <summary>Whether the class token's share of attention is there.</summary>
    public abstract bool HasClassAttention { get; }

    /// <summary>The class of each image, −1 where an image has none (it counts for means, not for accuracies); null where none is known. [n]</summary>
    public int[]? Labels { get; init => field = Copy(value); }

    /// <summary>A second label of each image, such as the background; null where none is known. [n]</summary>
    public int[]? Attributes { get; init => field = Copy(value); }

    /// <summary>Names of the images; null where none are known. [n]</summary>
    public string[]? Names { get; init => field = Copy(value); }

    /// <summary>The split of each image in the data's own words, empty where an image has none; null where none is known. [n]</summary>
    public string[]? Splits { get; init => field = Copy(value); }

    /// <summary>What each image shows, in words, empty where that is not known; null where none is known. [n]</summary>
    public string[]? Captions { get; init => field = Copy(value); }

    /// <summary>Names of the classes that labels index; empty where the data has none.</summary>
    public IReadOnlyList<string> ClassNames { get; init => field = [.. value]; } = [];

    /// <summary>
    /// The first layer whose heads are there one by one. Of the attention of earlier layers only the sum over all heads is known: <see cref="Read"/> spreads it
    /// evenly, so that sums are right, and a single head of them is refused.
    /// </summary>
    public virtual int FirstHeadLayer => 0;

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

    /// <summary>
    /// Refuses components that the set does not hold: single heads of layers of which only the sum is known. All heads of such a layer together are fine.
    /// </summary>
    /// <param name="components">What is to be read, replaced or spanned.</param>
    /// <exception cref="ArgumentException">A head is not there one by one, or a component lies outside the model.</exception>
    public void Require(IEnumerable<ComponentLabel> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        HashSet<ComponentLabel> asked = [.. components];
        foreach (ComponentLabel label in asked)
        {
            if (label.Layer < 0 || label.Layer >= LayerCount || label.Head < 0 || label.Head >= HeadCount)
                throw new ArgumentException($"{label} is no component of a model of {LayerCount} layers with {HeadCount} heads.", nameof(components));
            if (label.Kind == ComponentKind.Head && label.Layer < FirstHeadLayer
                && Enumerable.Range(0, HeadCount).Any(head => !asked.Contains(ComponentLabel.OfHead(label.Layer, head))))
                throw new ArgumentException(
                    $"The heads of layers 0 … {FirstHeadLayer - 1} are known by their sum only, so {label} can't be taken alone: "
                    + $"name the whole layer (L{label.Layer}.*), or make the effects anew with the heads of that layer kept.", nameof(components));
        }
    }

    /// <summary>
    /// Statistics of heads' outputs over all images, in one pass. A set of low-rank effects answers from statistics that it has; others gather dense ones.
    /// </summary>
    /// <param name="heads">The heads.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Looked at between images.</param>
    /// <exception cref="ArgumentException">A head is not there one by one.</exception>
    public virtual IReadOnlyDictionary<ComponentLabel, HeadStatistics> ReadStatistics(
        IReadOnlyCollection<ComponentLabel> heads, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        RequireHeads(heads);
        return GatherStatistics(heads, [.. Enumerable.Range(0, ImageCount)], progress, cancellation);
    }

    /// <summary>Statistics of heads' outputs over some images, in one pass; the heads are there one by one.</summary>
    internal virtual IReadOnlyDictionary<ComponentLabel, HeadStatistics> GatherStatistics(
        IReadOnlyCollection<ComponentLabel> heads, ReadOnlySpan<int> images, IProgress<int>? progress, CancellationToken cancellation)
    {
        Dictionary<ComponentLabel, SpanStatistics> statistics = heads.Distinct().ToDictionary(head => head, _ => new SpanStatistics(EmbedWidth));
        EffectReader reader = new(this, classAttention: false);
        for (int i = 0; i < images.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Read(images[i]);
            foreach ((ComponentLabel head, SpanStatistics of) in statistics)
                of.Add(reader.Of(head));
            progress?.Report(i + 1);
        }
        return statistics.ToDictionary(pair => pair.Key, pair => new HeadStatistics(pair.Value, null));
    }

    /// <summary>Refuses what is no head that is there one by one.</summary>
    internal void RequireHeads(IReadOnlyCollection<ComponentLabel> heads) => RequireHeads(heads, LayerCount, HeadCount, FirstHeadLayer);

    /// <inheritdoc cref="RequireHeads(IReadOnlyCollection{ComponentLabel})"/>
    internal static void RequireHeads(IReadOnlyCollection<ComponentLabel> heads, int layerCount, int headCount, int firstHeadLayer)
    {
        ArgumentNullException.ThrowIfNull(heads);
        foreach (ComponentLabel head in heads)
        {
            if (head.Kind != ComponentKind.Head || (uint)head.Layer >= (uint)layerCount || (uint)head.Head >= (uint)headCount)
                throw new ArgumentException($"{head} is no head of a model of {layerCount} layers with {headCount} heads.", nameof(heads));
            if (head.Layer < firstHeadLayer)
                throw new ArgumentException(
                    $"The heads of layers 0 … {firstHeadLayer - 1} are known by their sum only, so {head} has no statistics of its own: "
                    + "name heads of later layers, or make the effects anew with the heads of that layer kept.", nameof(heads));
        }
    }

    /// <summary>Labels, or a clear error where there are none.</summary>
    /// <exception cref="InvalidDataException">There are none, or one lies outside the classes.</exception>
    internal int[] RequireLabels(int classCount)
    {
        int[] labels = Labels ?? throw new InvalidDataException("This set has no labels: add labels.npy, one class index for each image.");
        if (labels.Length != ImageCount)
            throw new InvalidDataException($"There are {labels.Length} labels for {ImageCount} images: they do not belong together.");
        int bad = Array.FindIndex(labels, label => label < -1 || label >= classCount);
        return bad < 0 ? labels
            : throw new InvalidDataException(
                $"Image {bad} has the label {labels[bad]}, but the classifier has the classes 0 … {classCount - 1}: "
                + "labels and classifier do not belong together.");
    }

    static T[]? Copy<T>(T[]? values) => values == null ? null : [.. values];
}
