namespace ClipCore.Safetensors;

/// <summary>Bytes before a tensor belong to none.</summary>
public sealed class HoleException : TensorEntryException
{
    internal HoleException(string file, string tensor, long previousEnd, long begin)
        : base(file, tensor, $"begins at offset {begin}, leaving a hole from {previousEnd}.") { }
}
