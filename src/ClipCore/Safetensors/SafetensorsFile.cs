using ClipCore.Files;

namespace ClipCore.Safetensors;

/// <summary>
/// A memory-mapped safetensors file, checked completely when opened: header, element types, shapes, and that the tensors tile
/// the data without overlap, hole or rest. Values are not looked at.
/// </summary>
/// <remarks>
/// Safe for many threads until it is disposed, which must wait for all of them.
/// Source of the rules: the format's description and its reference reader (huggingface/safetensors).
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    readonly MappedBytes _bytes;
    readonly Dictionary<string, TensorView> _tensors;

    SafetensorsFile(string name, MappedBytes bytes)
    {
        SafetensorsHeader header = SafetensorsHeader.Parse(name, bytes);
        (Name, _bytes, Metadata, Notes) = (name, bytes, header.Metadata, header.Notes);
        _tensors = new Dictionary<string, TensorView>(header.Tensors.Count, StringComparer.Ordinal);
        foreach (TensorEntry tensor in header.Tensors)
            _tensors.Add(tensor.Name, new TensorView(bytes, tensor.Name, tensor.Type, tensor.Shape, header.DataOffset + tensor.Begin));
    }

    /// <summary>The path or name it was opened under.</summary>
    public string Name { get; }

    /// <summary>Length of the whole file in bytes.</summary>
    public long Length => _bytes.Length;

    /// <summary>The <c>__metadata__</c> entry; empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>All tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorView> Tensors => _tensors;

    /// <summary>Oddities that the format forbids and its reference reader tolerates, such as white space before the header.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">Its name, exactly as in the file.</param>
    /// <exception cref="SafetensorsException">There is none.</exception>
    public TensorView this[string name] => _tensors.TryGetValue(name, out TensorView? tensor) ? tensor
        : throw new SafetensorsException(Name, SafetensorsFault.TensorNotFound, $"has no tensor '{name}'.", name);

    /// <summary>Maps a file and checks it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SafetensorsException">The file breaks a rule; its fault says which.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static SafetensorsFile Open(string path) => Open(path, MappedBytes.Open(path));

    /// <summary>Opens a file that is already in memory; the memory is pinned, not copied.</summary>
    /// <param name="bytes">The whole file; it may not change.</param>
    /// <param name="name">The name for messages.</param>
    /// <exception cref="SafetensorsException">The file breaks a rule; its fault says which.</exception>
    public static SafetensorsFile Open(ReadOnlyMemory<byte> bytes, string name) => Open(name, MappedBytes.Over(bytes));

    /// <summary>Opens a file embedded in an assembly as a resource, where it lies.</summary>
    /// <param name="resource">What <see cref="System.Reflection.Assembly.GetManifestResourceStream(string)"/> returned; disposed with this object.</param>
    /// <param name="name">The name for messages.</param>
    /// <exception cref="SafetensorsException">The file breaks a rule; its fault says which.</exception>
    public static SafetensorsFile Open(UnmanagedMemoryStream resource, string name) => Open(name, MappedBytes.Over(resource));

    /// <summary>Unmaps the file; its views are of no use afterwards.</summary>
    public void Dispose() => _bytes.Dispose();

    /// <summary>A part of the whole file, header included.</summary>
    internal ReadOnlySpan<byte> Span(long offset, int length) => _bytes.Span(offset, length);

    static SafetensorsFile Open(string name, MappedBytes bytes)
    {
        try
        {
            return new SafetensorsFile(name, bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
