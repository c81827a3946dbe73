namespace ClipCore.Safetensors;

/// <summary>The header is JSON, but no object.</summary>
public sealed class HeaderNotObjectException : SafetensorsException
{
    internal HeaderNotObjectException(string file, string found) : base(file, $"the header must be a JSON object; it is {found}.") { }
}
