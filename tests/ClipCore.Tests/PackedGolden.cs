using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClipCore.Tests;

/// <summary>
/// Golden files that the repository keeps in a smaller form, made whole beside the test's program when they are first asked for: files ending in <c>.gz</c>,
/// and
/// checkpoints that <c>NAME.recipe.json</c> puts together from the bytes of another file. <c>tests/README.md</c> says how they were made.
/// </summary>
/// <remarks>A recipe works on bytes, without the library's own reader, and the SHA-256 of the result is checked: what the tests read is what the recipe was
/// made from.</remarks>
static partial class PackedGolden
{
    const string RecipeEnding = ".recipe.json", RowsEnding = ".rows.safetensors";

    static readonly Lock s_lock = new();
    static readonly Dictionary<string, string> s_whole = new(StringComparer.Ordinal);

    /// <summary>The path of a golden file or folder, made whole where it is kept packed.</summary>
    /// <param name="golden">The folder of the golden files.</param>
    /// <param name="path">A path below it.</param>
    public static string Resolve(string golden, string path)
    {
        if (ModelPath().Match(path.Replace('\\', '/')) is { Success: true } match)
        {
            string folder = Path.Combine(golden, "models", match.Groups[1].Value);
            if (Directory.Exists(folder) && Directory.GetFiles(folder, "*" + RecipeEnding) is [string recipe])
                return Path.Combine(Whole(folder, () => Model(folder, recipe)), match.Groups[2].Value);
        }
        string plain = Path.Combine(golden, path);
        return !File.Exists(plain) && File.Exists(plain + ".gz") ? Whole(plain, () => Unzip(plain + ".gz", path)) : plain;
    }

    static string Whole(string key, Func<string> make)
    {
        lock (s_lock)
        {
            if (!s_whole.TryGetValue(key, out string? path))
                s_whole.Add(key, path = make());
            return path;
        }
    }

    static string Unzip(string packed, string path)
    {
        using GZipStream stream = new(File.OpenRead(packed), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return Write(Path.Combine(Output, path), bytes.ToArray());
    }

    static string Model(string folder, string recipe)
    {
        string output = Path.Combine(Output, "models", Path.GetFileName(folder));
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            if (!file.EndsWith(RecipeEnding, StringComparison.Ordinal) && !file.EndsWith(RowsEnding, StringComparison.Ordinal))
                Write(Path.Combine(output, Path.GetRelativePath(folder, file)), File.ReadAllBytes(file));
        Write(Path.Combine(output, Path.GetFileName(recipe)[..^RecipeEnding.Length]), Cook(recipe));
        return output;
    }

    static byte[] Cook(string recipe)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(recipe));
        byte[] source = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(recipe)!, json.RootElement.GetProperty("source").GetString()!));
        byte[] header = Encoding.UTF8.GetBytes(json.RootElement.GetProperty("header").GetString()!);
        using JsonDocument from = JsonDocument.Parse(source.AsMemory(8, (int)BinaryPrimitives.ReadInt64LittleEndian(source))), to = JsonDocument.Parse(header);
        JsonElement steps = json.RootElement.GetProperty("tensors");
        JsonProperty[] tensors = [.. to.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__")];
        byte[] whole = new byte[8 + header.Length + tensors.Max(tensor => Offsets(tensor.Value).End)];
        BinaryPrimitives.WriteInt64LittleEndian(whole, header.Length);
        header.CopyTo(whole, 8);
        foreach (JsonProperty tensor in tensors)
        {
            (int begin, int end) = Offsets(tensor.Value);
            Span<byte> target = whole.AsSpan(8 + header.Length + begin, end - begin);
            JsonElement step = steps.TryGetProperty(tensor.Name, out JsonElement given) ? given : default;
            if (Has(step, "counted"))
            {
                for (int i = 0; 8 * i < target.Length; i++)
                    BinaryPrimitives.WriteInt64LittleEndian(target[(8 * i)..], i);
                continue;
            }
            JsonElement entry = from.RootElement.GetProperty(Has(step, "from") ? step.GetProperty("from").GetString()! : tensor.Name);
            (int first, int last) = Offsets(entry);
            Fill(target, source.AsSpan(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(source) + first, last - first), entry, step);
        }
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(whole));
        return sha256 == json.RootElement.GetProperty("sha256").GetString() ? whole
            : throw new InvalidDataException($"{recipe} gave a file of SHA-256 {sha256}, not the one it names.");
    }

    static void Fill(Span<byte> target, ReadOnlySpan<byte> source, JsonElement entry, JsonElement step)
    {
        if (Has(step, "rows"))
        {
            int row = 0, rowLength = source.Length / step.GetProperty("rows").GetArrayLength();
            foreach (JsonElement id in step.GetProperty("rows").EnumerateArray())
                source.Slice(rowLength * row++, rowLength).CopyTo(target[(rowLength * id.GetInt32())..]);
        }
        else if (Has(step, "third"))
        {
            source.Slice(target.Length * step.GetProperty("third").GetInt32(), target.Length).CopyTo(target);
        }
        else if (Has(step, "transposed"))
        {
            int rows = entry.GetProperty("shape")[0].GetInt32(), columns = entry.GetProperty("shape")[1].GetInt32(), size = source.Length / (rows * columns);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    source.Slice(size * ((i * columns) + j), size).CopyTo(target[(size * ((j * rows) + i))..]);
        }
        else
        {
            source.CopyTo(target);
        }
    }

    static bool Has(JsonElement step, string name) => step.ValueKind == JsonValueKind.Object && step.TryGetProperty(name, out _);

    static (int Begin, int End) Offsets(JsonElement tensor) =>
        (tensor.GetProperty("data_offsets")[0].GetInt32(), tensor.GetProperty("data_offsets")[1].GetInt32());

    static string Output => Path.Combine(AppContext.BaseDirectory, "golden");

    /// <summary>Puts a file into place whole: another run of the tests may be reading it.</summary>
    static string Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Environment.ProcessId}";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    [GeneratedRegex("^models/([^/]+)/?(.*)$")]
    private static partial Regex ModelPath();
}
