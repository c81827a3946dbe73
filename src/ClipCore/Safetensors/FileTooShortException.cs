namespace ClipCore.Safetensors;

/// <summary>The file has fewer than the eight bytes of the header length.</summary>
public sealed class FileTooShortException : SafetensorsException
{
    internal FileTooShortException(string file, long length)
        : base(file, $"{length} bytes are too few for a safetensors file, which begins with an eight-byte header length.") { }
}
