namespace ClipCore.Safetensors;

/// <summary>The shape is no list of whole numbers, or has too many dimensions.</summary>
public sealed class InvalidShapeException : TensorEntryException
{
    internal InvalidShapeException(string file, string tensor, string fault) : base(file, tensor, $"has an invalid shape: {fault}.") { }
}
