namespace ClipCore.Safetensors;

/// <summary>Bytes after the last tensor belong to none.</summary>
public sealed class TrailingDataException : SafetensorsException
{
    internal TrailingDataException(string file, long end, long length)
        : base(file, $"the tensors end at offset {end}, but the file holds {length} bytes of data.") { }
}
