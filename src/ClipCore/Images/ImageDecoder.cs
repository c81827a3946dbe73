using StbImageSharp;

namespace ClipCore.Images;

/// <summary>Reads PNG and JPEG pictures, and never takes more than the limit on pixels allows.</summary>
/// <remarks>
/// PNG is decoded here, to the bytes of Pillow. The decoder for JPEG is StbImageSharp: integer arithmetic, the same bytes everywhere. It is kept from
/// what it can't bear: files that are cut off (it would wait for ever for the end of a JPEG), sizes that exceed the memory, and thousands of scans.
/// Safe for many threads.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Most pixels that a picture may have unless a caller says otherwise: 64 megapixels.</summary>
    public const long DefaultMaxPixels = 64_000_000;

    const int MostBytes = 1 << 30;

    // The system gives bytes that are no UTF-8 as U+FFFD, and the file is not found again by that name.
    const string NotUtf8 = " (its name is not UTF-8: rename it)";

    /// <summary>Reads a picture from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static DecodedImage Load(string path, long maxPixels = DefaultMaxPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Decode(ReadFile(path, path), path, maxPixels);
    }

    /// <summary>Reads a picture from a stream, from where it stands to its end.</summary>
    /// <param name="stream">The stream; it is not disposed.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static DecodedImage Decode(Stream stream, string name = "picture", long maxPixels = DefaultMaxPixels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Decode(ReadStream(stream, name), name, maxPixels);
    }

    /// <summary>Reads a picture from memory.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    public static DecodedImage Decode(byte[] file, string name = "picture", long maxPixels = DefaultMaxPixels)
    {
        ArgumentNullException.ThrowIfNull(file);
        ImageHeader header = ReadHeader(file, name, maxPixels);
        if (header.IsPng)
            return PngPixels.Decode(file, name, header.Mode);
        ColorComponents components = header.Mode == PixelMode.Grey ? ColorComponents.Grey : ColorComponents.RedGreenBlue;
        try
        {
            using EndGuard stream = new(ImageHeader.WholeJpeg(file, name));
            ImageResult result = ImageResult.FromStream(stream, components);
            if (result.Width != header.Width || result.Height != header.Height)
                throw new ImageException(name, "the picture's size changed while decoding: the file is damaged.");
            return new DecodedImage(name, result.Width, result.Height, header.Mode, result.Data, (int)components);
        }
        catch (EndOfStreamException exception)
        {
            throw new ImageException(name, "the picture is cut off.", exception);
        }
        catch (Exception exception) when (exception is not (ImageException or OutOfMemoryException))
        {
            // The decoder reports damage by whatever exception its code runs into, and in words of its own.
            throw new ImageException(name, "the JPEG data is damaged.", exception);
        }
    }

    /// <summary>How many pixels a picture has by its first bytes.</summary>
    internal static long PixelsOf(ReadOnlySpan<byte> file, string name, long maxPixels)
    {
        ImageHeader header = ReadHeader(file, name, maxPixels);
        return (long)header.Width * header.Height;
    }

    /// <summary>Whether a picture within the limit is a PNG, else a JPEG.</summary>
    internal static bool IsPng(ReadOnlySpan<byte> file, string name, long maxPixels) => ReadHeader(file, name, maxPixels).IsPng;

    static ImageHeader ReadHeader(ReadOnlySpan<byte> file, string name, long maxPixels)
    {
        ImageHeader header = ImageHeader.Read(file, name);
        return (long)header.Width * header.Height <= maxPixels ? header : throw new ImageException(
            name, $"has {header.Width} × {header.Height} pixels, more than the limit of {maxPixels} pixels; raise the limit if you trust it.");
    }

    /// <summary>All bytes of a file.</summary>
    internal static byte[] ReadFile(string path, string name)
    {
        if (Directory.Exists(path))
            throw new ImageException(name, "is a folder, not a picture.");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{name}: there is no such file{(path.Contains('\uFFFD') ? NotUtf8 : "")}.", path);
        using FileStream stream = File.OpenRead(path);
        return ReadStream(stream, name);
    }

    /// <summary>All bytes to a stream's end.</summary>
    internal static byte[] ReadStream(Stream stream, string name)
    {
        using MemoryStream bytes = new(stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position, 0, MostBytes) : 0);
        byte[] buffer = new byte[1 << 16];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            if (bytes.Length + count > MostBytes)
                throw new ImageException(name, $"the file is longer than {MostBytes} bytes: no picture within the limit on pixels needs that.");
            bytes.Write(buffer.AsSpan(0, count));
        }
        return bytes.ToArray();
    }

    /// <summary>Bytes in memory that complain about a read past their end, in place of the zero bytes read that loops wait on.</summary>
    sealed class EndGuard(byte[] file) : MemoryStream(file, false)
    {
        // The decoder looks a little ahead and may find the end once or twice without harm.
        const int Patience = 64;
        int _emptyReads;

        public override int ReadByte()
        {
            int value = base.ReadByte();
            if (value < 0)
                Complain();
            return value;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            if (read == 0 && count > 0)
                Complain();
            return read;
        }

        public override int Read(Span<byte> buffer)
        {
            int read = base.Read(buffer);
            if (read == 0 && buffer.Length > 0)
                Complain();
            return read;
        }

        void Complain()
        {
            if (++_emptyReads > Patience)
                throw new EndOfStreamException();
        }
    }
}
