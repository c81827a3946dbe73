using System.Text.Json;
using ClipCore.Safetensors;

namespace ClipCore.Decomposition;

/// <summary>What a store holds: the model, the sizes, and the images. Of the layers before FirstLayer only the attention's sum over its heads is kept.</summary>
sealed record StoreManifest(
    string ModelName, string ModelSha256, int LayerCount, int HeadCount, int Width, int EmbedWidth, int TokenCount, int FirstLayer, string DType, bool StatisticsOnly, int Shard,
    int ShardCount,
    string[] Names, int[] Labels, int[] Attributes, string[] ClassNames)
{
    const int Version = 1;

    public const string FileName = "store.json";

    public int BlockCount => (Names.Length + BlockMean.Block - 1) / BlockMean.Block;

    /// <summary>The blocks of this shard: an even share of all, in order.</summary>
    public (int First, int End) Blocks => ((int)((long)BlockCount * Shard / ShardCount), (int)((long)BlockCount * (Shard + 1) / ShardCount));

    public int HeadWidth => Width / HeadCount;

    /// <summary>Layers whose heads are kept one by one.</summary>
    public int KeptLayers => LayerCount - FirstLayer;

    /// <summary>Whether a store of this manifest may be continued by, or merged with, one of the other.</summary>
    public bool Fits(StoreManifest other) => ModelSha256 == other.ModelSha256 && DType == other.DType && FirstLayer == other.FirstLayer && StatisticsOnly == other.StatisticsOnly && ShardCount == other.ShardCount
        && Names.SequenceEqual(other.Names) && Labels.SequenceEqual(other.Labels) && Attributes.SequenceEqual(other.Attributes);

    public void Write(string folder)
    {
        using OutputFile file = new(Path.Combine(folder, FileName));
        using (Utf8JsonWriter json = new(file.Stream))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("model", ModelName);
            json.WriteString("sha256", ModelSha256);
            foreach ((string name, int value) in ((string, int)[])[("layers", LayerCount), ("heads", HeadCount), ("width", Width), ("embed", EmbedWidth), ("tokens", TokenCount), ("firstLayer", FirstLayer), ("shard", Shard), ("shards", ShardCount)])
                json.WriteNumber(name, value);
            json.WriteString("dtype", DType);
            json.WriteBoolean("statisticsOnly", StatisticsOnly);
            WriteStrings(json, "classes", ClassNames);
            WriteStrings(json, "names", Names);
            WriteNumbers(json, "labels", Labels);
            WriteNumbers(json, "attributes", Attributes);
            json.WriteEndObject();
        }
        file.Commit();
    }

    public static StoreManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{folder} is no store: it has no {FileName}; make one with clipcore run.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement json = document.RootElement;
            if (json.GetProperty("version").GetInt32() != Version)
                throw new InvalidDataException($"{path} was written by another version of the store ({json.GetProperty("version")}, this program reads {Version}): make the store anew with clipcore run.");
            int Number(string name) => json.GetProperty(name).GetInt32();
            string[] Strings(string name) => [.. json.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
            int[] Numbers(string name) => [.. json.GetProperty(name).EnumerateArray().Select(item => item.GetInt32())];
            return new StoreManifest(
                json.GetProperty("model").GetString()!, json.GetProperty("sha256").GetString()!, Number("layers"), Number("heads"), Number("width"), Number("embed"), Number("tokens"), Number("firstLayer"),
                json.GetProperty("dtype").GetString()!, json.GetProperty("statisticsOnly").GetBoolean(), Number("shard"), Number("shards"), Strings("names"), Numbers("labels"), Numbers("attributes"), Strings("classes"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is damaged ({exception.Message}): make the store anew with clipcore run.");
        }
    }

    static void WriteStrings(Utf8JsonWriter json, string name, string[] values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    static void WriteNumbers(Utf8JsonWriter json, string name, int[] values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}

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
    public override int Width => _manifest.EmbedWidth;

    /// <inheritdoc/>
    public override bool HasClassAttention => _manifest.FirstLayer == 0;

    /// <summary>SHA-256 of the weights of the model that made it.</summary>
    public string ModelSha256 => _manifest.ModelSha256;

    /// <summary>Name of the model that made it.</summary>
    public string ModelName => _manifest.ModelName;

    /// <summary>The first layer whose heads are kept one by one.</summary>
    public int FirstLayer => _manifest.FirstLayer;

    /// <summary>Names of the classes; empty where the labels are bare numbers.</summary>
    public IReadOnlyList<string> ClassNames => _manifest.ClassNames;

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
        float[] result = new float[Width];
        file["representation"].Rows(row, 1).CopyTo(result);
        return result;
    }

    /// <inheritdoc/>
    public override void Read(int image, Span<float> heads, Span<float> mlps, Span<float> classAttention)
    {
        (SafetensorsFile file, int row) = Block(image);
        file["mlp"].Rows(row, 1).CopyTo(mlps);
        int layers = LayerCount, width = _manifest.Width, embed = Width, first = _manifest.FirstLayer;
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
        int embed = Width;
        float[] sums = new float[_manifest.FirstLayer * embed];
        file["early_attention"].Rows(row, 1).CopyTo(sums);
        for (int layer = 0; layer < _manifest.FirstLayer; layer++)
            for (int head = 0; head < HeadCount; head++)
                for (int j = 0; j < embed; j++)
                    heads[(((layer * HeadCount) + head) * embed) + j] = sums[(layer * embed) + j] / HeadCount;
    }

    void Expand(float[] z, float[] shared, int layer, int head, Span<float> destination)
    {
        int k = _manifest.HeadWidth, width = _manifest.Width, embed = Width, heads = HeadCount;
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
        int width = _manifest.Width, embed = Width, tokens = _manifest.TokenCount;
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

/// <summary>The files of a store.</summary>
sealed class StoreFiles(string folder, StoreManifest manifest)
{
    int Coordinates => manifest.HeadWidth + EffectCoordinates.Scalars;

    string StatisticsPath => Path.Combine(folder, "statistics.safetensors");

    string BasisPath => Path.Combine(folder, "basis.safetensors");

    /// <summary>Blocks that are done, counted from the first of the set: what statistics have seen is what is done.</summary>
    public int BlocksDone
    {
        get
        {
            if (!File.Exists(StatisticsPath))
                return manifest.Blocks.First;
            using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
            return (int)Longs(file["blocks_done"])[0];
        }
    }

    public string Block(int block) => Path.Combine(folder, FormattableString.Invariant($"block-{block:000000}.safetensors"));

    public static long[] Longs(TensorView tensor) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(tensor.Bytes).ToArray();

    public void WriteBasis(CoordinateBasis basis)
    {
        SafetensorsWriter writer = new();
        writer.Add("g", [manifest.LayerCount, manifest.Width, manifest.EmbedWidth], basis.G);
        writer.Add("out_bias", [manifest.LayerCount, manifest.EmbedWidth], basis.OutBias);
        writer.Add("ones", [manifest.EmbedWidth], basis.Ones);
        writer.Add("beta", [manifest.EmbedWidth], basis.Beta);
        writer.Save(BasisPath);
    }

    public CoordinateBasis ReadBasis()
    {
        using SafetensorsFile file = SafetensorsFile.Open(BasisPath);
        return new CoordinateBasis(Floats(file["g"]), Floats(file["out_bias"]), Floats(file["ones"]), Floats(file["beta"]));
    }

    /// <summary>Statistics of all heads, layer by layer; empty ones before the first block.</summary>
    public SpanStatistics[] ReadStatistics()
    {
        SpanStatistics[] all = new SpanStatistics[manifest.KeptLayers * manifest.HeadCount];
        if (!File.Exists(StatisticsPath))
            return [.. all.Select(_ => new SpanStatistics(Coordinates))];
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        return [.. all.Select((_, i) => SpanStatistics.Restore(Coordinates, Longs(file["heads"].Rows(i, 1))))];
    }

    public SpanStatistics ReadStatistics(int layer, int head)
    {
        if (!File.Exists(StatisticsPath))
            throw new FileNotFoundException($"{folder} has no statistics: finish it with the same clipcore run.");
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        return SpanStatistics.Restore(Coordinates, Longs(file["heads"].Rows(((layer - manifest.FirstLayer) * manifest.HeadCount) + head, 1)));
    }

    public void WriteStatistics(SpanStatistics[] statistics, int blocksDone, long[] skipped)
    {
        long[][] saved = [.. statistics.Select(of => of.Save())];
        SafetensorsWriter writer = new();
        writer.Add("blocks_done", [1], (ReadOnlyMemory<long>)new long[] { blocksDone });
        writer.Add("skipped", [skipped.Length], (ReadOnlyMemory<long>)skipped);
        writer.Add("heads", [saved.Length, saved[0].Length], (ReadOnlyMemory<long>)saved.SelectMany(values => values).ToArray());
        writer.Save(StatisticsPath);
    }

    /// <summary>Images that could not be read so far.</summary>
    public long[] ReadSkipped()
    {
        if (!File.Exists(StatisticsPath))
            return [];
        using SafetensorsFile file = SafetensorsFile.Open(StatisticsPath);
        return Longs(file["skipped"]);
    }

    static float[] Floats(TensorView tensor)
    {
        float[] values = new float[tensor.ElementCount];
        tensor.CopyTo(values);
        return values;
    }
}
