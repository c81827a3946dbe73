namespace ClipCore.Safetensors;

/// <summary>The header is not JSON.</summary>
public sealed class HeaderSyntaxException : SafetensorsException
{
    internal HeaderSyntaxException(string file, string fault) : base(file, $"the header is not valid JSON: {fault}") { }
}
