namespace ClipCore.Safetensors;

/// <summary><c>dtype</c>, <c>shape</c> or <c>data_offsets</c> is missing.</summary>
public sealed class MissingTensorFieldException : TensorEntryException
{
    internal MissingTensorFieldException(string file, string tensor, string field) : base(file, tensor, $"has no '{field}'.") { }
}
