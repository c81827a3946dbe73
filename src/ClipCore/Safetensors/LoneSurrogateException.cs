namespace ClipCore.Safetensors;

/// <summary>A key or a value has half of a surrogate pair, so it is no text.</summary>
public sealed class LoneSurrogateException : SafetensorsException
{
    internal LoneSurrogateException(string file, string raw) : base(file, $"the text \"{raw}\" has half of a surrogate pair.") { }
}
