using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.EffectSets;

/// <summary>
/// A store of a data set's effects in their exact low-rank form, as <c>clipcore run</c> writes it: one safetensors file for each block of 64 images, read one at a
/// time, so that the memory does not depend on the number of images; and statistics of every head.
/// </summary>
public sealed class EffectStore : EffectSet
{
    readonly string _folder;
    readonly StoreManifest _manifest;
    readonly CoordinateBasis _basis;
    readonly (int Block, int Row)[] _images;
    SafetensorsFile? _open;
    int _openBlock = -1;

    EffectStore(string folder, StoreManifest manifest, CoordinateBasis basis, (int Block, int Row)[] images) =>
        (_folder, _manifest, _basis, _images) = (folder, manifest, basis, images);

    /// <inheritdoc/>
    public override int ImageCount => _images.Length;

    /// <inheritdoc/>
    public override int LayerCount => _manifest.LayerCount;

    /// <inheritdoc/>
    public override int HeadCount => _manifest.HeadCount;

    /// <inheritdoc/>
    public override int EmbedWidth => _manifest.EmbedWidth;

    /// <inheritdoc/>
    public override bool HasClassAttention => _manifest.FirstLayer == 0;

    /// <summary>SHA-256 of the weights of the model that made it.</summary>
    public string ModelSha256 => _manifest.ModelSha256;

    /// <summary>Name of the model that made it.</summary>
    public string ModelName => _manifest.ModelName;

    /// <summary>The first layer whose heads are kept one by one.</summary>
    public int FirstLayer => _manifest.FirstLayer;

    /// <summary>Opens a store that is complete.</summary>
    /// <exception cref="IOException">It is no store, not complete, truncated, or one shard of several.</exception>
    public static EffectStore Open(string folder)
    {
        StoreManifest manifest = StoreManifest.Read(folder);
        if (manifest.ShardCount > 1)
            throw new InvalidDataException($"{folder} is shard {manifest.Shard + 1} of {manifest.ShardCount}: join the shards with clipcore merge.");
        if (manifest.StatisticsOnly)
            throw new InvalidDataException($"{folder} holds statistics alone: this needs the images' effects; run again without --statistics-only.");
        StoreFiles files = new(folder, manifest);
        int done = files.BlocksDone;
        if (done < manifest.BlockCount)
            throw new InvalidDataException($"{folder} is not complete: {done} of {manifest.BlockCount} blocks are there; finish it with the same clipcore run.");
        List<(int, int)> images = [];
        List<int> rows = [];
        for (int block = 0; block < manifest.BlockCount; block++)
        {
            using SafetensorsFile file = SafetensorsFile.Open(files.Block(block));
            long[] index = StoreFiles.Longs(file["index"]);
            for (int row = 0; row < index.Length; row++)
            {
                images.Add((block, row));
                rows.Add((int)index[row]);
            }
        }
        int[] labels = [.. rows.Select(row => manifest.Labels[row])], attributes = [.. rows.Select(row => manifest.Attributes[row])];
        return new EffectStore(folder, manifest, files.ReadBasis(), [.. images])
        {
            Labels = labels.Any(label => label >= 0) ? labels : null,
            Attributes = attributes.All(attribute => attribute >= 0) ? attributes : null,
            Names = [.. rows.Select(row => manifest.Names[row])],
            ClassNames = manifest.ClassNames,
        };
    }

    /// <summary>Statistics of a head's coordinates over all images, and the basis B [k + 3, e] that turns coordinates into effects.</summary>
    public static (SpanStatistics Statistics, float[] Basis) ReadHead(string folder, int layer, int head)
    {
        StoreManifest manifest = StoreManifest.Read(folder);
        StoreFiles files = new(folder, manifest);
        if (layer < manifest.FirstLayer)
            throw new InvalidDataException($"{folder} keeps the heads of layers {manifest.FirstLayer} … {manifest.LayerCount - 1} only: run again with more --layers for layer {layer}.");
        return (files.ReadStatistics(layer, head), files.ReadBasis().OfHead(layer, head, manifest.LayerCount, manifest.HeadCount, manifest.Width, manifest.EmbedWidth));
    }

    /// <summary>The unit representation of an image. [e]</summary>
    public float[] Representation(int image)
    {
        (SafetensorsFile file, int row) = Block(image);
        float[] result = new float[EmbedWidth];
        file["representation"].Rows(row, 1).CopyTo(result);
        return result;
    }

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        (SafetensorsFile file, int row) = Block(image);
        file["mlp"].Rows(row, 1).CopyTo(mlps);
        int layers = LayerCount, width = _manifest.Width, embed = EmbedWidth, first = _manifest.FirstLayer;
        float[] shared = new float[EffectCoordinates.Scalars], z = new float[_manifest.KeptLayers * width];
        file["shared"].Rows(row, 1).CopyTo(shared);
        file["z"].Rows(row, 1).CopyTo(z);
        if (first > 0)
            SpreadEarlyLayers(file, row, heads);
        for (int layer = first; layer < layers; layer++)
            for (int head = 0; head < HeadCount; head++)
                Expand(z, shared, layer, head, heads.Slice(((layer * HeadCount) + head) * embed, embed));
        if (classAttention.Length == 0)
            return;
        if (first > 0)
            throw new InvalidOperationException("The class token's own attention is not kept with --layers.");
        file["class_token"].Rows(row, 1).CopyTo(z);
        for (int layer = 0; layer < layers; layer++)
            ExpandClassToken(z, shared, layer, classAttention.Slice(layer * embed, embed));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _open?.Dispose();

    /// <summary>Of early layers only the sum over the heads is kept: every head gets an equal share, so that sums are right.</summary>
    void SpreadEarlyLayers(SafetensorsFile file, int row, Span<float> heads)
    {
        int embed = EmbedWidth;
        float[] sums = new float[_manifest.FirstLayer * embed];
        file["early_attention"].Rows(row, 1).CopyTo(sums);
        for (int layer = 0; layer < _manifest.FirstLayer; layer++)
            for (int head = 0; head < HeadCount; head++)
                for (int j = 0; j < embed; j++)
                    heads[(((layer * HeadCount) + head) * embed) + j] = sums[(layer * embed) + j] / HeadCount;
    }

    void Expand(float[] z, float[] shared, int layer, int head, Span<float> destination)
    {
        int k = _manifest.HeadWidth, width = _manifest.Width, embed = EmbedWidth, heads = HeadCount;
        double components = (2.0 * LayerCount) + 1;
        double[] sum = new double[embed];
        Offsets(shared, layer, heads, components * heads, sum);
        for (int j = head * k; j < (head + 1) * k; j++)
            AddRow(z[((layer - _manifest.FirstLayer) * width) + j], ((layer * width) + j) * embed, sum);
        for (int j = 0; j < embed; j++)
            destination[j] = (float)sum[j];
    }

    void ExpandClassToken(float[] first, float[] shared, int layer, Span<float> destination)
    {
        int width = _manifest.Width, embed = EmbedWidth, tokens = _manifest.TokenCount;
        double[] sum = new double[embed];
        Offsets(shared, layer, tokens, ((2.0 * LayerCount) + 1) * tokens, sum);
        for (int j = 0; j < width; j++)
            AddRow(first[(layer * width) + j], ((layer * width) + j) * embed, sum);
        for (int j = 0; j < embed; j++)
            destination[j] = (float)sum[j];
    }

    /// <summary>A part's share of the output bias, the mean and β.</summary>
    void Offsets(float[] shared, int layer, double biasShare, double componentShare, double[] sum)
    {
        for (int j = 0; j < sum.Length; j++)
            sum[j] = (_basis.OutBias[(layer * sum.Length) + j] * (double)shared[0] / biasShare)
                + (((_basis.Beta[j] * (double)shared[2]) - (_basis.Ones[j] * (double)shared[1])) / componentShare);
    }

    void AddRow(double factor, int row, double[] sum)
    {
        ReadOnlySpan<float> g = _basis.G.AsSpan(row, sum.Length);
        for (int j = 0; j < g.Length; j++)
            sum[j] += factor * g[j];
    }

    (SafetensorsFile File, int Row) Block(int image)
    {
        (int block, int row) = _images[image];
        if (block != _openBlock)
        {
            _open?.Dispose();
            _open = SafetensorsFile.Open(new StoreFiles(_folder, _manifest).Block(block));
            _openBlock = block;
        }
        return (_open!, row);
    }
}
