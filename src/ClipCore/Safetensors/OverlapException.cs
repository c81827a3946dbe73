namespace ClipCore.Safetensors;

/// <summary>Two tensors share bytes.</summary>
public sealed class OverlapException : TensorEntryException
{
    internal OverlapException(string file, string tensor, string previous, long begin, long previousEnd)
        : base(file, tensor, $"begins at offset {begin}, before tensor '{previous}' ends at {previousEnd}.") { }
}
