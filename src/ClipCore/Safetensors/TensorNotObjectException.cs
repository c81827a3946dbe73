namespace ClipCore.Safetensors;

/// <summary>The entry is no JSON object.</summary>
public sealed class TensorNotObjectException : TensorEntryException
{
    internal TensorNotObjectException(string file, string tensor, string found) : base(file, tensor, $"must be described by an object; it is {found}.") { }
}
