using ClipCore.Files;

namespace ClipCore.Safetensors;

/// <summary>The elements, smaller than a byte, do not fill whole bytes.</summary>
public sealed class PartialByteException : TensorEntryException
{
    internal PartialByteException(string file, string tensor, DType type, long count)
        : base(file, tensor, $"has {count} elements of type {type.Name()}, which do not fill whole bytes.") { }
}
