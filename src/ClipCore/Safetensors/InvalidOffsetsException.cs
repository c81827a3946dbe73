namespace ClipCore.Safetensors;

/// <summary>The data offsets are not two whole numbers.</summary>
public sealed class InvalidOffsetsException : TensorEntryException
{
    internal InvalidOffsetsException(string file, string tensor, string fault) : base(file, tensor, $"has invalid data_offsets: {fault}.") { }
}
