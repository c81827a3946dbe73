namespace ClipCore.Safetensors;

/// <summary>The index names a shard that is not there.</summary>
public sealed class ShardNotFoundException : SafetensorsException
{
    internal ShardNotFoundException(string file, string shard) : base(file, $"names the shard '{shard}', which does not lie beside it.") => Shard = shard;

    /// <summary>The missing file.</summary>
    public string Shard { get; }
}
