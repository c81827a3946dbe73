namespace ClipCore.Safetensors;

/// <summary>A fault of one tensor's entry in the header.</summary>
public abstract class TensorEntryException : SafetensorsException
{
    private protected TensorEntryException(string file, string tensor, string fault) : base(file, $"tensor '{tensor}' {fault}") => Tensor = tensor;

    /// <summary>The tensor's name.</summary>
    public string Tensor { get; }
}
