namespace ClipCore.Safetensors;

/// <summary>A tensor is not in the shard that the index names.</summary>
public sealed class TensorNotInShardException : SafetensorsException
{
    internal TensorNotInShardException(string file, string tensor, string shard)
        : base(file, $"says that tensor '{tensor}' is in {shard}, where it is not.") => Tensor = tensor;

    /// <summary>The tensor's name.</summary>
    public string Tensor { get; }
}
