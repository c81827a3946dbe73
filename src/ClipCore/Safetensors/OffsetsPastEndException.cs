namespace ClipCore.Safetensors;

/// <summary>The data reach past the end of the file.</summary>
public sealed class OffsetsPastEndException : TensorEntryException
{
    internal OffsetsPastEndException(string file, string tensor, ulong begin, ulong end, long length)
        : base(file, tensor, $"has data_offsets [{begin}, {end}], but the file holds only {length} bytes of data. It is cut off or damaged.") { }
}
