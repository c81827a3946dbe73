namespace ClipCore.Safetensors;

/// <summary>A key appears twice in one object, perhaps once escaped.</summary>
public sealed class DuplicateKeyException : SafetensorsException
{
    internal DuplicateKeyException(string file, string key, string where = "the header")
        : base(file, $"the key '{key}' appears twice in {where}.") => Key = key;

    /// <summary>The key after unescaping.</summary>
    public string Key { get; }
}
