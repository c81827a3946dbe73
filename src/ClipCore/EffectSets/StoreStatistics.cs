using ClipCore.DataSets;
using ClipCore.Decomposition;

namespace ClipCore.EffectSets;

/// <summary>The statistics of a store's heads, read without its images: all that TEXTSPAN and an atlas of heads need. Safe for many threads.</summary>
public sealed class StoreStatistics : EffectSet
{
    readonly StoreManifest _manifest;
    readonly StoreFiles _files;
    readonly StoreClasses _classes;
    readonly Lazy<CoordinateBasis> _basis;

    internal StoreStatistics(StoreManifest manifest, StoreFiles files, int imageCount, StoreClasses classes)
    {
        (_manifest, _files, ImageCount, _classes) = (manifest, files, imageCount, classes);
        ClassNames = classes.Names;
        // A file that can't be read now may be there at the next call.
        _basis = new Lazy<CoordinateBasis>(files.ReadBasis, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>Images that the statistics are over (n).</summary>
    public override int ImageCount { get; }

    /// <summary>Layers (L).</summary>
    public override int LayerCount => _manifest.LayerCount;

    /// <summary>Heads of a layer (H).</summary>
    public override int HeadCount => _manifest.HeadCount;

    /// <summary>Width of the shared space (e).</summary>
    public override int EmbedWidth => _manifest.EmbedWidth;

    /// <summary>The first layer whose heads are kept one by one.</summary>
    public override int FirstHeadLayer => _manifest.FirstLayer;

    /// <summary>The model that made the store.</summary>
    public ModelIdentity Identity => _manifest.Model;

    /// <summary>Whether the store holds these statistics alone, so that <see cref="EffectStore.Open"/> refuses it.</summary>
    public bool IsStatisticsOnly => _manifest.StatisticsOnly;

    /// <inheritdoc/>
    public override bool HasClassAttention => false;

    /// <summary>The classes with their prompts and templates; null where the store was made without a list of classes.</summary>
    public ClassList? Classes => _classes.List;

    /// <summary>Refused: there are no images here.</summary>
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention) =>
        throw new InvalidOperationException("Statistics hold no effects of single images: open the store itself, made with its images' effects.");

    /// <summary>Statistics of heads' coordinates [k + 3] over all images, with the basis that turns them into outputs.</summary>
    /// <param name="heads">The heads.</param>
    /// <param name="progress">Not told anything: no image is read.</param>
    /// <param name="cancellation">Looked at once.</param>
    /// <exception cref="ArgumentException">A head is not kept one by one, or no head of this model.</exception>
    /// <exception cref="IOException">The store's files can't be read or are damaged.</exception>
    public override IReadOnlyDictionary<ComponentLabel, HeadStatistics> ReadStatistics(
        IReadOnlyCollection<ComponentLabel> heads, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        RequireHeads(heads, LayerCount, HeadCount, FirstHeadLayer);
        return Read(_manifest, _files, _basis.Value, heads);
    }

    internal static Dictionary<ComponentLabel, HeadStatistics> Read(
        StoreManifest manifest, StoreFiles files, CoordinateBasis basis, IReadOnlyCollection<ComponentLabel> heads) =>
        files.ReadStatistics(heads).ToDictionary(pair => pair.Key, pair => new HeadStatistics(pair.Value, Basis(manifest, basis, pair.Key)));

    internal static float[] Basis(StoreManifest manifest, CoordinateBasis basis, ComponentLabel head) =>
        basis.OfHead(head.Layer, head.Head, manifest.LayerCount, manifest.HeadCount, manifest.Width, manifest.EmbedWidth);
}
