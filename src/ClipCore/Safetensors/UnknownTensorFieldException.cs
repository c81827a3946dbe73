namespace ClipCore.Safetensors;

/// <summary>The entry has another field than <c>dtype</c>, <c>shape</c> and <c>data_offsets</c>.</summary>
public sealed class UnknownTensorFieldException : TensorEntryException
{
    internal UnknownTensorFieldException(string file, string tensor, string field)
        : base(file, tensor, $"has the unknown field '{field}'; only dtype, shape and data_offsets are allowed.") { }
}
