namespace ClipCore.Safetensors;

/// <summary>The bytes between the offsets are not those of the shape and type.</summary>
public sealed class SizeMismatchException : TensorEntryException
{
    internal SizeMismatchException(string file, string tensor, long needed, ulong begin, ulong end)
        : base(file, tensor, $"needs {needed} bytes for its shape and type, but has data_offsets [{begin}, {end}], {end - begin} bytes.") { }
}
