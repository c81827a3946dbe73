using ClipCore.Images;

namespace ClipCore.DataSets;

/// <summary>Something that opens as a stream: a file, a member of an archive, bytes in memory. Safe for many threads where each opens its own stream.</summary>
public sealed class ImageSource
{
    readonly Func<Stream> _open;

    /// <summary>Anything that opens.</summary>
    /// <param name="name">What it is called in messages, results and stores; the same at every run.</param>
    /// <param name="open">Opens it at its start; called once for each reading.</param>
    public ImageSource(string name, Func<Stream> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(open);
        (Name, _open) = (name, open);
    }

    ImageSource(string name, string path) : this(name, () => File.OpenRead(path)) => Path = path;

    /// <summary>What it is called in messages, results and stores.</summary>
    public string Name { get; }

    /// <summary>The file; null for what is no file.</summary>
    public string? Path { get; }

    /// <summary>A file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What it is called; null for the path itself.</param>
    public static ImageSource OfFile(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ImageSource(name ?? path, path);
    }

    /// <summary>Bytes in memory.</summary>
    /// <param name="name">What they are called.</param>
    /// <param name="bytes">The whole file; not copied.</param>
    public static ImageSource OfBytes(string name, ReadOnlyMemory<byte> bytes) => new(name, () => new MemoryStream(bytes.ToArray(), writable: false));

    /// <summary>Opens it at its start; the caller disposes the stream.</summary>
    /// <exception cref="IOException">It is missing or unreadable.</exception>
    public Stream Open() => _open();

    /// <summary>Reads it as a picture.</summary>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">It is missing or unreadable.</exception>
    public DecodedImage Decode(long maxPixels = ImageDecoder.DefaultMaxPixels) => ImageDecoder.Decode(ReadBytes(), Name, maxPixels);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>All of it.</summary>
    internal byte[] ReadBytes()
    {
        if (Path != null)
            return ImageDecoder.ReadFile(Path, Name);
        using Stream stream = Open();
        return ImageDecoder.ReadStream(stream, Name);
    }
}
