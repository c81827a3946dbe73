using ClipCore.Files;

namespace ClipCore.Checkpoints;

/// <summary>Where a model's weights came from and what they hold; stays valid after the files are closed.</summary>
/// <remarks>Safe for many threads.</remarks>
public sealed class CheckpointInfo
{
    readonly Lazy<string> _sha256;

    internal CheckpointInfo(Checkpoint checkpoint)
    {
        Path = checkpoint.Source;
        Dialect = checkpoint.Dialect;
        ParameterCount = checkpoint.ParameterCount;
        ElementTypes = new Dictionary<DType, int>(checkpoint.ElementTypes);
        Oddities = [.. checkpoint.Oddities];
        Files = [.. checkpoint.Files];
        FileLength = checkpoint.FileLength;
        // Weights in memory have no file to come back to; they are small enough to be hashed at once.
        string? known = Files.All(File.Exists) ? null : checkpoint.Sha256;
        _sha256 = new Lazy<string>(() => known ?? Reopen(Path));
    }

    /// <summary>The folder or file as it was given.</summary>
    public string Path { get; }

    /// <summary>Who named the weights.</summary>
    public CheckpointDialect Dialect { get; }

    /// <summary>Parameters of the towers in use, the logit scale included.</summary>
    public long ParameterCount { get; }

    /// <summary>How many weights are stored in each type.</summary>
    public IReadOnlyDictionary<DType, int> ElementTypes { get; }

    /// <summary>What deserves a look: assumed defaults, ignored buffers, storage in half precision. One line each.</summary>
    public IReadOnlyList<string> Oddities { get; }

    /// <summary>The files of weights.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Bytes of all files of weights.</summary>
    public long FileLength { get; }

    /// <summary>SHA-256 of the weights in hexadecimal (of all shards one after the other); read from the files when first asked for.</summary>
    public string Sha256 => _sha256.Value;

    static string Reopen(string path)
    {
        using WeightFiles files = WeightFiles.Open(path);
        return files.Sha256();
    }
}
