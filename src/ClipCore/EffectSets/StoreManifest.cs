using System.Text.Json;
using ClipCore.Files;

namespace ClipCore.EffectSets;

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
