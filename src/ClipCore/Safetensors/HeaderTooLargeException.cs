namespace ClipCore.Safetensors;

/// <summary>The header length is above the limit of the format, or the header would need too much memory.</summary>
public sealed class HeaderTooLargeException : SafetensorsException
{
    internal HeaderTooLargeException(string file, ulong length, long limit)
        : base(file, $"claims a header of {length} bytes; the format allows {limit}. Either this is no safetensors file or it is damaged.") { }
}
