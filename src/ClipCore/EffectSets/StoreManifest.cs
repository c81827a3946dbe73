using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.Files;

namespace ClipCore.EffectSets;

/// <summary>
/// What a store holds: the model, the sizes, and the hashes of the tables beside it; small for any number of images. Of the layers before FirstLayer only the
/// attention's sum over its heads is kept.
/// </summary>
sealed record StoreManifest(
    ModelIdentity Model, int LayerCount, int HeadCount, int Width, int EmbedWidth, int TokenCount, int FirstLayer, DType DType, bool StatisticsOnly, int Shard,
    int ShardCount, int ImageCount, string ImagesSha256, string ClassesSha256)
{
    /// <summary>The file's name within the store.</summary>
    public const string FileName = "store.json";

    const int Version = 2;

    // Far above every model there is, and far below what would overflow an index.
    const int MostParts = 1 << 12, MostWidth = 1 << 17, MostImages = 1 << 30, MostBytes = 1 << 20;

    public int BlockCount => (ImageCount + BlockMean.Block - 1) / BlockMean.Block;

    /// <summary>The blocks of this shard: an even share of all, in order.</summary>
    public (int First, int End) Blocks => ((int)((long)BlockCount * Shard / ShardCount), (int)((long)BlockCount * (Shard + 1) / ShardCount));

    /// <summary>The images of this shard.</summary>
    public (int First, int End) Images => (FirstImage(Blocks.First), FirstImage(Blocks.End));

    public int HeadWidth => Width / HeadCount;

    /// <summary>Layers whose heads are kept one by one.</summary>
    public int KeptLayers => LayerCount - FirstLayer;

    /// <summary>Numbers that a head needs for an image.</summary>
    public int Coordinates => HeadWidth + EffectCoordinates.Scalars;

    /// <summary>The first image of a block; the number of images for the block behind the last.</summary>
    public int FirstImage(int block) => (int)Math.Min((long)block * BlockMean.Block, ImageCount);

    /// <summary>In what a store of this manifest differs from one of another so that neither can continue, or be merged with, the other; null where it
    /// can.</summary>
    public string? Difference(StoreManifest other)
    {
        if (!Model.IsSame(other.Model))
            return "another model";
        if (ImageCount != other.ImageCount || ImagesSha256 != other.ImagesSha256)
            return "other images, or other labels, splits, captions or masks of them";
        if (ClassesSha256 != other.ClassesSha256)
            return "other classes";
        bool sameSizes = (LayerCount, HeadCount, Width, EmbedWidth, TokenCount) == (other.LayerCount, other.HeadCount, other.Width, other.EmbedWidth,
            other.TokenCount);
        bool sameOptions = (FirstLayer, DType, StatisticsOnly, ShardCount) == (other.FirstLayer, other.DType, other.StatisticsOnly, other.ShardCount);
        return sameSizes && sameOptions ? null : "other options (number type, layers, statistics alone, or number of shards)";
    }

    public void Write(string folder)
    {
        using OutputFile file = new(Path.Combine(folder, FileName));
        using (Utf8JsonWriter json = new(file.Stream, StoreTable.Json))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("model", Model.Name);
            json.WriteString("sha256", Model.Sha256);
            json.WriteNumber("layers", LayerCount);
            json.WriteNumber("heads", HeadCount);
            json.WriteNumber("width", Width);
            json.WriteNumber("embed", EmbedWidth);
            json.WriteNumber("tokens", TokenCount);
            json.WriteNumber("firstLayer", FirstLayer);
            json.WriteString("dtype", DType.Name());
            json.WriteBoolean("statisticsOnly", StatisticsOnly);
            json.WriteNumber("shard", Shard);
            json.WriteNumber("shards", ShardCount);
            json.WriteNumber("images", ImageCount);
            json.WriteString("imagesSha256", ImagesSha256);
            json.WriteString("classesSha256", ClassesSha256);
            json.WriteEndObject();
        }
        file.Commit();
    }

    /// <exception cref="IOException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    public static StoreManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{folder} is no store: it has no {FileName}.");
        byte[] bytes = ReadSmall(path);
        StoreManifest manifest;
        try
        {
            JsonElement json = JsonText.Parse(bytes);
            int version = json.GetProperty("version").GetInt32();
            if (version == 1)
                throw new InvalidDataException($"{folder} was made by an earlier version of ClipCore: make it anew from the same images.");
            if (version != Version)
                throw new InvalidDataException(
                    $"{folder} was made by another version of ClipCore (format {version}, this one reads {Version}): make it anew from the same images.");
            int Number(string name) => json.GetProperty(name).GetInt32();
            string Text(string name) => json.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null");
            DType type = Text("dtype") switch
            {
                "F32" => DType.F32,
                "F16" => DType.F16,
                string other => throw new JsonException($"dtype {other} is not known"),
            };
            manifest = new StoreManifest(
                new ModelIdentity(Text("model"), Text("sha256")), Number("layers"), Number("heads"), Number("width"), Number("embed"), Number("tokens"),
                    Number("firstLayer"), type,
                json.GetProperty("statisticsOnly").GetBoolean(), Number("shard"), Number("shards"), Number("images"), Text("imagesSha256"),
                    Text("classesSha256"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(path, exception.Message, exception);
        }
        manifest.Check(path);
        return manifest;
    }

    /// <summary>What a file of a store that breaks a rule is answered with.</summary>
    public static InvalidDataException Damaged(string path, string fault, Exception? cause = null) =>
        new($"{path} is damaged ({fault.ReplaceLineEndings(" ")}): make the store anew from the same images.", cause);

    /// <summary>Reads a file that is small if it is what it should be.</summary>
    static byte[] ReadSmall(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > MostBytes)
            throw Damaged(path, $"{file.Length} bytes are too many");
        byte[] bytes = new byte[(int)file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    void Check(string path)
    {
        void Within(string name, long value, long least, long most)
        {
            if (value < least || value > most)
                throw Damaged(path, $"{name} is {value}, but must lie in {least} … {most}");
        }
        Within("layers", LayerCount, 1, MostParts);
        Within("heads", HeadCount, 1, MostParts);
        Within("width", Width, 1, MostWidth);
        Within("embed", EmbedWidth, 1, MostWidth);
        Within("tokens", TokenCount, 1, MostImages);
        Within("firstLayer", FirstLayer, 0, LayerCount - 1);
        Within("images", ImageCount, 1, MostImages);
        Within("shards", ShardCount, 1, MostImages);
        Within("shard", Shard, 0, ShardCount - 1);
        Within("numbers of a head", Coordinates, 1, MostParts);
        Within("numbers of an image", (long)LayerCount * HeadCount * EmbedWidth, 1, Array.MaxLength);
        Within("numbers of the basis", (long)LayerCount * Width * EmbedWidth, 1, Array.MaxLength);
        if (Width % HeadCount != 0)
            throw Damaged(path, $"a width of {Width} is no whole number for each of {HeadCount} heads");
    }
}
