namespace ClipCore.Safetensors;

/// <summary>The <c>__metadata__</c> entry does not map text to text.</summary>
public sealed class MetadataException : SafetensorsException
{
    internal MetadataException(string file, string key, string found)
        : base(file, $"'{key}' must be {(key == SafetensorsHeader.MetadataKey ? "an object of texts" : "a text")}; it is {found}.") => Key = key;

    /// <summary><c>__metadata__</c> itself or the key within it.</summary>
    public string Key { get; }
}
