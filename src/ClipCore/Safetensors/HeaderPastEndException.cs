namespace ClipCore.Safetensors;

/// <summary>The header reaches past the end of the file.</summary>
public sealed class HeaderPastEndException : SafetensorsException
{
    internal HeaderPastEndException(string file, ulong length, long fileLength)
        : base(file, $"claims a header of {length} bytes after the first eight, but the file ends at byte {fileLength}. It is cut off or damaged.") { }
}
