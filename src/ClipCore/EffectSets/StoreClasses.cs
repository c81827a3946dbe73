using System.Text.Json;
using ClipCore.DataSets;
using ClipCore.Files;

namespace ClipCore.EffectSets;

/// <summary>The classes of a store: the names that labels index, and the list with its prompts, ids and templates where one was given.</summary>
sealed record StoreClasses(IReadOnlyList<string> Names, ClassList? List)
{
    /// <summary>The file's name within the store.</summary>
    public const string FileName = "classes.json";

    const int MostBytes = 1 << 28;

    /// <summary>A store without any.</summary>
    public static StoreClasses None { get; } = new([], null);

    /// <summary>The classes of a set and of a list given beside it.</summary>
    /// <exception cref="ArgumentException">They do not belong together.</exception>
    public static StoreClasses Of(ImageSet images, ClassList? list)
    {
        if (list == null)
            return new StoreClasses(images.ClassNames, null);
        if (images.ClassNames.Count > 0 && !images.ClassNames.SequenceEqual(list.Names) && !(list.Ids != null && images.ClassNames.SequenceEqual(list.Ids)))
            throw new ArgumentException(
                $"{images.Name}: its labels index its own {images.ClassNames.Count} classes ({images.ClassNames[0]}, …), "
                + $"not the {list.Count} of {nameof(StoreOptions.Classes)} ({list.Names[0]}, …): "
                + "give a list with the same names, or the same ids, in the same order.", nameof(list));
        int largest = images.Entries.Max(entry => entry.Label);
        return largest < list.Count ? new StoreClasses(list.Names, list)
            : throw new ArgumentException($"{images.Name} has the label {largest}, but {nameof(StoreOptions.Classes)} has {list.Count} classes.", nameof(list));
    }

    /// <summary>The file's bytes; none without classes.</summary>
    public byte[] ToBytes()
    {
        if (Names.Count == 0)
            return [];
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, StoreTable.Json))
        {
            json.WriteStartObject();
            Write(json, "names", Names);
            if (List != null)
            {
                Write(json, "prompts", List.Prompts);
                if (List.Ids != null)
                    Write(json, "ids", List.Ids);
                if (List.Templates != null)
                    Write(json, "templates", List.Templates);
            }
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>The hash of <see cref="ToBytes"/>; empty without classes.</summary>
    public static string Hash(byte[] bytes) => bytes.Length == 0 ? "" : Sha256.Hex(bytes);

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static StoreClasses Read(string folder, string sha256)
    {
        if (sha256.Length == 0)
            return None;
        string path = Path.Combine(folder, FileName);
        using FileStream file = File.OpenRead(path);
        if (file.Length > MostBytes)
            throw StoreManifest.Damaged(path, $"{file.Length} bytes are too many");
        byte[] bytes = new byte[(int)file.Length];
        file.ReadExactly(bytes);
        if (Hash(bytes) != sha256)
            throw StoreManifest.Damaged(path, $"its hash is not the one in {StoreManifest.FileName}");
        try
        {
            JsonElement root = JsonText.Parse(bytes);
            string[] names = Strings(root, "names") ?? throw new JsonException("names are missing");
            string[]? prompts = Strings(root, "prompts"), ids = Strings(root, "ids");
            if ((prompts ?? names).Length != names.Length || (ids ?? names).Length != names.Length)
                throw new JsonException("names, prompts and ids are not equally many");
            return new StoreClasses(names, prompts == null ? null
                : new ClassList(names) { Prompts = prompts, Ids = ids, Templates = Strings(root, "templates") });
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw StoreManifest.Damaged(path, exception.Message, exception);
        }
    }

    static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    static string[]? Strings(JsonElement json, string name) => !json.TryGetProperty(name, out JsonElement array) ? null
        : [.. array.EnumerateArray().Select(item => item.GetString() ?? throw new JsonException($"one of {name} is null"))];
}
