namespace ClipCore.Safetensors;

/// <summary>The index names a shard that is not simply a file of its own folder.</summary>
public sealed class ShardPathException : SafetensorsException
{
    internal ShardPathException(string file, string shard)
        : base(file, $"names the shard '{shard}', which is not a plain .safetensors file name of the same folder.") => Shard = shard;

    /// <summary>The name that was refused.</summary>
    public string Shard { get; }
}
