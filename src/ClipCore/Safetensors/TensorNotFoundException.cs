namespace ClipCore.Safetensors;

/// <summary>A tensor that was asked for is not in the file.</summary>
public sealed class TensorNotFoundException : SafetensorsException
{
    internal TensorNotFoundException(string file, string tensor) : base(file, $"has no tensor '{tensor}'.") => Tensor = tensor;

    /// <summary>The name that was asked for.</summary>
    public string Tensor { get; }
}
