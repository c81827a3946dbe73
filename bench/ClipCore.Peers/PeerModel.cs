using ClipCore.Checkpoints;

namespace ClipCore.Peers;

/// <summary>A random model on disk, in a folder of its own that both runtimes read.</summary>
sealed class PeerModel : IDisposable
{
    readonly bool _temporary;

    /// <summary>Names as the command line has them, and the architectures they mean.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["B32"] = "ViT-B-32", ["B16"] = "ViT-B-16", ["L14"] = "ViT-L-14" };

    /// <param name="name">B32, B16 or L14.</param>
    /// <param name="folder">Where to keep the files; null for a temporary folder that goes with this object.</param>
    public PeerModel(string name, string? folder)
    {
        Architecture = Names[name];
        _temporary = folder == null;
        Folder = folder ?? Directory.CreateTempSubdirectory("clipcore-peers-").FullName;
        using RandomCheckpoint random = new(Architecture);
        random.Save(Folder);
    }

    /// <summary>Such as ViT-B-16.</summary>
    public string Architecture { get; }

    /// <summary>The folder with weights and configuration.</summary>
    public string Folder { get; }

    public void Dispose()
    {
        if (_temporary)
            Directory.Delete(Folder, recursive: true);
    }
}
