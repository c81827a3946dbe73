using ClipCore.DataSets;
using ClipCore.Decomposition;

namespace ClipCore.EffectSets;

/// <summary>
/// A store of a data set's effects in their exact low-rank form: one safetensors file for each block of 64 images, read one at a time, so that the memory
/// does not depend on the number of images but for their names and labels; and statistics of every head.
/// </summary>
/// <remarks>
/// A store is for one thread at a time; open it once for each thread. Reading the images in order is cheapest: a few are expanded ahead.
/// <see cref="Run"/>, <see cref="Merge"/> and the opening methods are safe for many threads, and several processes may read one store, also while another
/// writes elsewhere.
/// </remarks>
public sealed partial class EffectStore : EffectSet
{
    // Images expanded at a time where they are read in order.
    const int Ahead = 8;

    /// <summary>The file that makes a folder a store.</summary>
    public const string ManifestName = StoreManifest.FileName;

    readonly StoreManifest _manifest;
    readonly StoreFiles _files;
    readonly CoordinateBasis _basis;
    readonly EffectExpansion _expansion;
    readonly int[] _places;
    readonly StoreWindow _window;
    StoreBlock? _open;
    int _openBlock = -1, _openFirst;
    bool _disposed;

    EffectStore(StoreManifest manifest, StoreFiles files, CoordinateBasis basis, int[] places)
    {
        (_manifest, _files, _basis, _places) = (manifest, files, basis, places);
        _expansion = new EffectExpansion(basis, manifest.LayerCount, manifest.HeadCount, manifest.Width, manifest.EmbedWidth, manifest.TokenCount);
        _window = new StoreWindow(Ahead, manifest.LayerCount, manifest.HeadCount, manifest.EmbedWidth);
    }

    /// <inheritdoc/>
    public override int ImageCount => _places.Length;

    /// <inheritdoc/>
    public override int LayerCount => _manifest.LayerCount;

    /// <inheritdoc/>
    public override int HeadCount => _manifest.HeadCount;

    /// <inheritdoc/>
    public override int EmbedWidth => _manifest.EmbedWidth;

    /// <inheritdoc/>
    public override bool HasClassAttention => _manifest.FirstLayer == 0;

    /// <inheritdoc/>
    public override int FirstHeadLayer => _manifest.FirstLayer;

    /// <summary>The model that made it.</summary>
    public ModelIdentity Identity => _manifest.Model;

    /// <summary>The classes that labels index, with their prompts and templates; null where the store was made without a list of classes.</summary>
    public ClassList? Classes { get; private init; }

    /// <summary>The name of each image's mask, null where it has none. [n]</summary>
    public IReadOnlyList<string?> Masks { get; private init; } = [];

    /// <summary>Images that could not be read when the store was made; they are not among its images.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; private init; } = [];

    /// <summary>Opens a store that is complete.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <exception cref="IOException">It is no store, or a file of it is missing or damaged.</exception>
    /// <exception cref="InvalidDataException">
    /// It is damaged, not complete, one shard of several, of statistics alone, without any image, or was made by an earlier version.
    /// </exception>
    public static EffectStore Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        StoreManifest manifest = StoreManifest.Read(folder);
        if (manifest.StatisticsOnly)
            throw new InvalidDataException($"{folder} holds statistics alone, but this needs the images' effects: make the store anew with them.");
        StoreFiles files = new(folder, manifest);
        StoreProgress state = RequireComplete(folder, manifest, files);
        int[] places = Remaining(0, manifest.ImageCount, state.Skipped);
        for (int block = 0, at = 0; block < manifest.BlockCount; block++)
        {
            int begin = at;
            while (at < places.Length && places[at] < manifest.FirstImage(block + 1))
                at++;
            files.OpenBlock(block, places.AsSpan(begin, at - begin)).Dispose();
        }
        ImageTable whole = StoreTable.Read(Path.Combine(folder, StoreTable.FileName), manifest.ImageCount, manifest.ImagesSha256), table = whole.Pick(places);
        StoreClasses classes = StoreClasses.Read(folder, manifest.ClassesSha256);
        if (classes.Names.Count > 0 && whole.Labels.Max() is int largest && largest >= classes.Names.Count)
            throw StoreManifest.Damaged(Path.Combine(folder, StoreTable.FileName), $"label {largest} of {classes.Names.Count} classes");
        return new EffectStore(manifest, files, files.ReadBasis(), places)
        {
            Labels = table.KnownLabels,
            Attributes = table.KnownAttributes,
            Names = table.Names,
            Splits = table.KnownSplits,
            Captions = table.KnownCaptions,
            ClassNames = classes.Names,
            Classes = classes.List,
            Masks = table.Masks,
            Skipped = [.. state.Skipped.Select((image, i) => new SkippedImage(image, whole.Names[image], state.Reasons[i]))],
        };
    }

    /// <summary>Opens the statistics of a complete store, whether it holds the images' effects or not; the images' names and labels are not read.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <exception cref="IOException">It is no store, or a file of it is missing or damaged.</exception>
    /// <exception cref="InvalidDataException">
    /// It is damaged, not complete, one shard of several, without any image, or was made by an earlier version.
    /// </exception>
    public static StoreStatistics OpenStatistics(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        StoreManifest manifest = StoreManifest.Read(folder);
        StoreFiles files = new(folder, manifest);
        StoreProgress state = RequireComplete(folder, manifest, files);
        StoreClasses classes = StoreClasses.Read(folder, manifest.ClassesSha256);
        return new StoreStatistics(manifest, files, manifest.ImageCount - state.Skipped.Count, classes);
    }

    /// <summary>The unit representation of an image.</summary>
    /// <param name="image">Its index.</param>
    /// <returns>[e]</returns>
    public float[] Representation(int image)
    {
        (StoreBlock block, int row) = Block(image);
        return block.Representations!.Rows(row, 1).ToSingles();
    }

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        if (classAttention.Length > 0 && !HasClassAttention)
            throw new InvalidOperationException($"This store keeps the heads from layer {FirstHeadLayer} on only, and with them no class-token attention.");
        (StoreBlock block, int row) = Block(image);
        block.Mlps!.Rows(row, 1).CopyTo(mlps);
        if (!_window.TryRead(image, heads, classAttention))
        {
            // Who reads the next image will read on; others get just what they want.
            int images = image == _window.Last + 1 ? Math.Min(Ahead, (int)block.Z!.Shape[0] - row) : 1;
            _window.Fill(image, images, classAttention.Length > 0, (ahead, ofHeads, ofClasses) => Expand(block, row, ahead, ofHeads, ofClasses));
            _window.TryRead(image, heads, classAttention);
        }
        _window.Last = image;
    }

    /// <summary>
    /// Statistics of heads' coordinates over all images, with the basis that turns them into outputs, as they were gathered when the store was made: nothing
    /// is read of the images, and no matrix is wider than k + 3.
    /// </summary>
    /// <inheritdoc/>
    public override IReadOnlyDictionary<ComponentLabel, HeadStatistics> ReadStatistics(
        IReadOnlyCollection<ComponentLabel> heads, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        RequireHeads(heads);
        cancellation.ThrowIfCancellationRequested();
        Dictionary<ComponentLabel, HeadStatistics> found = StoreStatistics.Read(_manifest, _files, _basis, heads);
        progress?.Report(ImageCount);
        return found;
    }

    /// <summary>Statistics of heads' coordinates over some images, in one pass.</summary>
    internal override IReadOnlyDictionary<ComponentLabel, HeadStatistics> GatherStatistics(
        IReadOnlyCollection<ComponentLabel> heads, ReadOnlySpan<int> images, IProgress<int>? progress, CancellationToken cancellation)
    {
        int k = _manifest.HeadWidth, width = _manifest.Width, first = _manifest.FirstLayer;
        Dictionary<ComponentLabel, SpanStatistics> statistics = heads.Distinct().ToDictionary(head => head, _ => new SpanStatistics(_manifest.Coordinates));
        float[] z = new float[_manifest.KeptLayers * width], q = new float[_manifest.Coordinates];
        for (int i = 0; i < images.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            (StoreBlock block, int row) = Block(images[i]);
            block.Z!.Rows(row, 1).CopyTo(z);
            block.Shared!.Rows(row, 1).CopyTo(q.AsSpan(k));
            foreach ((ComponentLabel head, SpanStatistics of) in statistics)
            {
                z.AsSpan(((head.Layer - first) * width) + (head.Head * k), k).CopyTo(q);
                of.Add(q);
            }
            progress?.Report(i + 1);
        }
        return statistics.ToDictionary(pair => pair.Key, pair => new HeadStatistics(pair.Value, StoreStatistics.Basis(_manifest, _basis, pair.Key)));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _open?.Dispose();
        _open = null;
        if (_temporary != null && Directory.Exists(_temporary))
            Directory.Delete(_temporary, recursive: true);
    }

    static StoreProgress RequireComplete(string folder, StoreManifest manifest, StoreFiles files)
    {
        if (manifest.ShardCount > 1)
            throw new InvalidDataException($"{folder} is shard {manifest.Shard + 1} of {manifest.ShardCount}: merge the shards into one store first.");
        StoreProgress state = files.ReadProgress();
        if (state.BlocksDone < manifest.BlockCount)
            throw new InvalidDataException(
                $"{folder} is not complete: {manifest.FirstImage(state.BlocksDone)} of {manifest.ImageCount} images are done; "
                + "run it again with the same images, it goes on where it was.");
        if (state.Skipped.Count == manifest.ImageCount)
            throw new InvalidDataException($"{folder} holds no image: none of {manifest.ImageCount} could be read (the first: {state.Reasons[0]}).");
        return state;
    }

    /// <summary>The numbers of a range that a list leaves out.</summary>
    static int[] Remaining(int first, int end, IReadOnlyList<int> without)
    {
        int[] numbers = new int[end - first - without.Count];
        for (int number = first, at = 0, skip = 0; number < end; number++)
            if (skip < without.Count && without[skip] == number)
                skip++;
            else
                numbers[at++] = number;
        return numbers;
    }

    void Expand(StoreBlock block, int row, int images, Span<float> heads, Span<float> classAttention)
    {
        float[] shared = block.Shared!.Rows(row, images).ToSingles();
        if (FirstHeadLayer > 0)
            SpreadEarlyLayers(block.EarlyAttention!.Rows(row, images).ToSingles(), images, heads);
        _expansion.Heads(block.Z!.Rows(row, images).ToSingles(), shared, images, FirstHeadLayer, heads);
        if (classAttention.Length > 0)
            _expansion.ClassToken(block.ClassToken!.Rows(row, images).ToSingles(), shared, images, classAttention);
    }

    /// <summary>Of early layers only the sum over the heads is kept: every head gets an equal share, so that sums are right.</summary>
    void SpreadEarlyLayers(float[] sums, int images, Span<float> heads)
    {
        int embed = EmbedWidth;
        for (int image = 0; image < images; image++)
            for (int layer = 0; layer < FirstHeadLayer; layer++)
            {
                ReadOnlySpan<float> sum = sums.AsSpan(((image * FirstHeadLayer) + layer) * embed, embed);
                for (int head = 0; head < HeadCount; head++)
                {
                    Span<float> share = heads.Slice(((((image * LayerCount) + layer) * HeadCount) + head) * embed, embed);
                    for (int j = 0; j < embed; j++)
                        share[j] = sum[j] / HeadCount;
                }
            }
    }

    (StoreBlock Block, int Row) Block(int image)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if ((uint)image >= (uint)_places.Length)
            throw new ArgumentOutOfRangeException(nameof(image), image, $"This store has the images 0 … {_places.Length - 1}.");
        int block = _places[image] / BlockMean.Block;
        if (block != _openBlock)
        {
            _open?.Dispose();
            _openBlock = -1;
            int first = FirstOf(_manifest.FirstImage(block)), end = FirstOf(_manifest.FirstImage(block + 1));
            _open = _files.OpenBlock(block, _places.AsSpan(first, end - first));
            (_openBlock, _openFirst) = (block, first);
        }
        return (_open!, image - _openFirst);
    }

    /// <summary>The first of this store's images whose place in the whole set is a number or more.</summary>
    int FirstOf(int place)
    {
        int at = Array.BinarySearch(_places, place);
        return at >= 0 ? at : ~at;
    }
}
