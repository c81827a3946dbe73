namespace ClipCore.Safetensors;

/// <summary>The header begins with a byte order mark.</summary>
public sealed class HeaderByteOrderMarkException : SafetensorsException
{
    internal HeaderByteOrderMarkException(string file) : base(file, "the header begins with a byte order mark, which the format forbids.") { }
}
