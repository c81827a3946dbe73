namespace ClipCore.Safetensors;

/// <summary>The index of a sharded checkpoint is not what it must be.</summary>
public sealed class ShardIndexException : SafetensorsException
{
    internal ShardIndexException(string file, string fault) : base(file, fault) { }
}
