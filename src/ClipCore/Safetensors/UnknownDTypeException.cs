using ClipCore.Files;
namespace ClipCore.Safetensors;

/// <summary>The element type is none of the format's.</summary>
public sealed class UnknownDTypeException : TensorEntryException
{
    internal UnknownDTypeException(string file, string tensor, string found)
        : base(file, tensor, $"has the element type {found}; known are {DTypes.AllNames}.") { }
}
