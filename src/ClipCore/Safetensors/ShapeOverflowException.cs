namespace ClipCore.Safetensors;

/// <summary>The shape has more elements than a file can hold.</summary>
public sealed class ShapeOverflowException : TensorEntryException
{
    internal ShapeOverflowException(string file, string tensor, ReadOnlySpan<ulong> shape)
        : base(file, tensor, $"has the shape [{string.Join(", ", shape.ToArray())}], more than 2^63-1 bits.") { }
}
