namespace ClipCore.Safetensors;

/// <summary>The data end before they begin.</summary>
public sealed class InvertedOffsetsException : TensorEntryException
{
    internal InvertedOffsetsException(string file, string tensor, ulong begin, ulong end)
        : base(file, tensor, $"has data_offsets [{begin}, {end}], which end before they begin.") { }
}
