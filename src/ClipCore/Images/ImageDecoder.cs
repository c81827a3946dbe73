using StbImageSharp;

namespace ClipCore.Images;

/// <summary>Reads PNG and JPEG pictures, and never takes more than the limit on pixels allows.</summary>
/// <remarks>
/// The decoder is StbImageSharp: integer arithmetic, the same bytes everywhere. It is kept from what it can't bear: files that are cut off
/// (it would wait for ever for the end of a JPEG), sizes that exceed the memory, and data that unpacks to more than its size says.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Most pixels that a picture may have unless a caller says otherwise: 64 megapixels.</summary>
    public const long DefaultMaxPixels = 64_000_000;

    /// <summary>Reads a picture from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public static DecodedImage Load(string path, long maxPixels = DefaultMaxPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new ImageException(path, "is a folder, not a picture.");
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such file.", path);
        return Decode(File.ReadAllBytes(path), path, maxPixels);
    }

    /// <summary>Reads a picture from memory.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    public static DecodedImage Decode(byte[] file, string name = "picture", long maxPixels = DefaultMaxPixels)
    {
        ArgumentNullException.ThrowIfNull(file);
        ImageHeader header = ImageHeader.Read(file, name);
        if ((long)header.Width * header.Height > maxPixels)
            throw new ImageException(name, $"has {header.Width} × {header.Height} pixels, more than the limit of {maxPixels} pixels; raise the limit if you trust it.");
        if (header.IsPng)
            header.CheckPngData(file, name);
        else
            ImageHeader.CheckJpegData(file, name);

        ColorComponents components = header.Mode switch
        {
            PixelMode.Bilevel or PixelMode.Grey => ColorComponents.Grey,
            PixelMode.GreyAlpha => ColorComponents.GreyAlpha,
            PixelMode.Rgba => ColorComponents.RedGreenBlueAlpha,
            _ => ColorComponents.RedGreenBlue,
        };
        try
        {
            using EndGuard stream = new(file);
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
            // The decoder reports damage by whatever exception its code runs into.
            throw new ImageException(name, $"the picture is damaged ({exception.Message}).", exception);
        }
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
