using System.Text.Json;
using ClipCore.Files;

namespace ClipCore.Safetensors;

/// <summary>A checkpoint in several safetensors files, opened by its index (<c>model.safetensors.index.json</c>).</summary>
/// <remarks>Safe for many threads until it is disposed, which must wait for all of them.</remarks>
public sealed class ShardedSafetensors : IDisposable
{
    /// <summary>Longest index that is read; a hundred bytes a tensor are usual.</summary>
    const int MaxIndexLength = 50_000_000;

    readonly Dictionary<string, TensorView> _tensors = new(StringComparer.Ordinal);
    readonly List<SafetensorsFile> _files = [];

    ShardedSafetensors() { }

    /// <summary>The shards in the order of their names.</summary>
    public IReadOnlyList<SafetensorsFile> Files => _files;

    /// <summary>All tensors that the index names.</summary>
    public IReadOnlyDictionary<string, TensorView> Tensors => _tensors;

    /// <summary>Reads the index, maps every shard and checks that each tensor is where the index says.</summary>
    /// <param name="indexPath">The index file; its shards lie in the same folder.</param>
    /// <exception cref="SafetensorsException">The index or a shard breaks a rule; its fault says which.</exception>
    /// <exception cref="IOException">A file is missing or unreadable.</exception>
    public static ShardedSafetensors Open(string indexPath)
    {
        SortedDictionary<string, List<string>> tensorsByShard = ReadIndex(indexPath);
        string folder = Path.GetDirectoryName(Path.GetFullPath(indexPath))!;
        ShardedSafetensors sharded = new();
        try
        {
            foreach ((string shard, List<string> names) in tensorsByShard)
            {
                string path = Path.Combine(folder, shard);
                if (!File.Exists(path))
                    throw new SafetensorsException(
                        indexPath, SafetensorsFault.ShardNotFound, $"names the shard '{shard}', which does not lie beside it.");
                SafetensorsFile file = SafetensorsFile.Open(path);
                sharded._files.Add(file);
                foreach (string name in names)
                    sharded._tensors.Add(name, file.Tensors.TryGetValue(name, out TensorView? tensor) ? tensor
                        : throw new SafetensorsException(
                            indexPath, SafetensorsFault.TensorNotInShard, $"says that tensor '{name}' is in {shard}, where it is not.", name));
            }
        }
        catch
        {
            sharded.Dispose();
            throw;
        }
        return sharded;
    }

    /// <summary>Unmaps all shards.</summary>
    public void Dispose()
    {
        foreach (SafetensorsFile file in _files)
            file.Dispose();
    }

    static SortedDictionary<string, List<string>> ReadIndex(string indexPath)
    {
        if (new FileInfo(indexPath).Length > MaxIndexLength)
            throw Fault(indexPath, $"is longer than {MaxIndexLength} bytes, too long for an index.");
        if (!JsonText.TryParse(File.ReadAllBytes(indexPath), out JsonElement root, out string fault, maxDepth: 8))
            throw Fault(indexPath, fault);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            throw Fault(indexPath, "has no object 'weight_map', so it is no index of a sharded checkpoint.");
        SortedDictionary<string, List<string>> tensorsByShard = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw Fault(indexPath, $"maps tensor '{entry.Name}' to something else than a file name.");
            string shard = entry.Value.GetString()!;
            if (!IsPlainFileName(shard))
                throw new SafetensorsException(indexPath, SafetensorsFault.ShardPath,
                    $"names the shard '{shard}', which is not a plain .safetensors file name of the same folder.", entry.Name);
            if (!tensorsByShard.TryGetValue(shard, out List<string>? names))
                tensorsByShard.Add(shard, names = []);
            names.Add(entry.Name);
        }
        return tensorsByShard.Count > 0 ? tensorsByShard : throw Fault(indexPath, "names no tensors.");
    }

    static SafetensorsException Fault(string indexPath, string message) => new(indexPath, SafetensorsFault.ShardIndex, message);

    /// <summary>Refuses whatever could lead out of the folder on any system: separators, drives, streams, device names by their colon.</summary>
    static bool IsPlainFileName(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal) && name.Length <= 255 && !name.StartsWith('.')
        && name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '.' or '-' or '_');
}
