using ClipCore.Files;
using ClipCore.Safetensors;

namespace ClipCore.Checkpoints;

/// <summary>The files that hold a checkpoint's weights: one, or the shards of an index.</summary>
sealed class WeightFiles : IDisposable
{
    const string IndexEnding = ".safetensors.index.json";

    /// <summary>Names to look for in a folder, in this order.</summary>
    static readonly string[] s_names = ["open_clip_model.safetensors", "model.safetensors", "open_clip_model" + IndexEnding, "model" + IndexEnding];

    static readonly string[] s_pickleEndings = [".bin", ".pt", ".pth", ".ckpt", ".pkl"];

    WeightFiles(string path, IReadOnlyList<SafetensorsFile> files, IReadOnlyDictionary<string, TensorView> tensors) =>
        (Path, Files, Tensors) = (path, files, tensors);

    /// <summary>The file, or the index of the shards.</summary>
    public string Path { get; }

    public IReadOnlyList<SafetensorsFile> Files { get; }

    public IReadOnlyDictionary<string, TensorView> Tensors { get; }

    /// <summary>Opens the weights of a folder, a file, or an index.</summary>
    public static WeightFiles Open(string path)
    {
        string file = Directory.Exists(path) ? Find(path) : path;
        if (IsPickle(file))
            throw new PickleException(file);
        if (!File.Exists(file))
            throw new WeightsNotFoundException(path, "there is no such file or folder.");
        if (!file.EndsWith(IndexEnding, StringComparison.Ordinal))
            return Over(SafetensorsFile.Open(file));
        ShardedSafetensors sharded = ShardedSafetensors.Open(file);
        return new WeightFiles(file, sharded.Files, sharded.Tensors);
    }

    public static WeightFiles Over(SafetensorsFile file) => new(file.Name, [file], file.Tensors);

    /// <summary>SHA-256 of the file, or of all shards one after the other, in hexadecimal.</summary>
    public string Sha256()
    {
        const int Piece = 1 << 24;
        using Sha256 hash = new();
        foreach (SafetensorsFile file in Files)
            for (long at = 0; at < file.Length; at += Piece)
                hash.Append(file.Span(at, (int)Math.Min(Piece, file.Length - at)));
        return hash.Finish();
    }

    public void Dispose()
    {
        foreach (SafetensorsFile file in Files)
            file.Dispose();
    }

    static string Find(string folder)
    {
        foreach (string name in s_names)
            if (System.IO.Path.Combine(folder, name) is string known && File.Exists(known))
                return known;
        string[] files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        string[] candidates = [.. files.Where(file => file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))];
        return candidates.Length switch
        {
            1 => candidates[0],
            > 1 => throw new WeightsNotFoundException(
                folder, $"holds several files of weights; name the one to open: {string.Join(", ", candidates.Select(System.IO.Path.GetFileName))}."),
            _ => files.FirstOrDefault(IsPickle)
                ?? throw new WeightsNotFoundException(folder, "holds no weights; a model.safetensors or open_clip_model.safetensors is expected."),
        };
    }

    static bool IsPickle(string path) => s_pickleEndings.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
