namespace ClipCore.Safetensors;

/// <summary>The header is not UTF-8.</summary>
public sealed class HeaderEncodingException : SafetensorsException
{
    internal HeaderEncodingException(string file, int offset) : base(file, $"the header is not UTF-8 (byte {offset} of the header).") { }
}
