using System.Buffers.Binary;

namespace ClipCore.Images;

/// <summary>What the first bytes of a picture say about it, read before anything is decoded.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Mode">How the pixels are stored.</param>
/// <param name="IsPng">PNG, else JPEG.</param>
readonly record struct ImageHeader(int Width, int Height, PixelMode Mode, bool IsPng)
{
    // The most thorough programs write some dozens; libjpeg-turbo's own guard against files made to waste time is the same.
    const int MostScans = 500;

    static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static ImageHeader Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length == 0)
            throw new ImageException(name, "the file is empty.");
        if (file.StartsWith(PngSignature))
            return ReadPng(file, name);
        if (file.Length >= 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF)
            return ReadJpeg(file, name);
        throw new ImageException(name, "is neither a PNG nor a JPEG picture; convert it to one of them.");
    }

    /// <summary>
    /// Checks that a JPEG runs to its end marker: past the end of a file the decoder would go on with zeros and give a picture of grey blocks. Where the marker
    /// alone is missing, as after a camera's trailer, it is put behind the data.
    /// </summary>
    /// <returns>The file, or one with an end marker.</returns>
    /// <exception cref="ImageException">It is cut off, or has more scans than any program writes.</exception>
    public static byte[] WholeJpeg(byte[] file, string name)
    {
        bool inScan = false;
        int scans = 0;
        for (int at = 2; at + 1 < file.Length;)
        {
            int marker = file[at + 1];
            if (file[at] != 0xFF || marker == 0xFF || (inScan && marker is 0 or (>= 0xD0 and <= 0xD7)))
            {
                if (file[at] != 0xFF && !inScan)
                    break;
                at++;
                continue;
            }
            if (marker == 0xD9)
                return file;
            if (at + 4 > file.Length)
                break;
            inScan = marker == 0xDA;
            if (inScan && ++scans > MostScans)
                throw new ImageException(name, $"the JPEG has more than {MostScans} scans, each of which takes time for the whole picture; save it anew.");
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
        }
        int end = JpegScan.EndOfOnlyScan(file);
        return end >= 0 ? [.. file.AsSpan(0, end), 0xFF, 0xD9] : throw new ImageException(name, "the JPEG is cut off: its end marker is missing.");
    }

    static ImageHeader ReadPng(ReadOnlySpan<byte> file, string name)
    {
        (int length, ReadOnlySpan<byte> type) = Chunk(file, PngSignature.Length, name);
        if (length != 13 || !type.SequenceEqual("IHDR"u8))
            throw new ImageException(name, "the PNG does not begin with a header: the file is damaged.");
        ReadOnlySpan<byte> header = file[16..];
        uint width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        int depth = header[8], color = header[9];
        bool known = (color, depth) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16) => true,
            _ => false,
        };
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue || !known || header[10] != 0 || header[11] != 0 || header[12] > 1)
            throw new ImageException(name, $"the PNG header is invalid (size {width} × {height}, bit depth {depth}, colour type {color}).");
        PixelMode mode = color switch
        {
            0 => depth == 1 ? PixelMode.Bilevel : PixelMode.Grey,
            2 => PixelMode.Rgb,
            3 => PixelMode.Palette,
            4 => PixelMode.GreyAlpha,
            _ => PixelMode.Rgba,
        };
        return new ImageHeader((int)width, (int)height, mode, true);
    }

    static (int Length, byte[] Type) Chunk(ReadOnlySpan<byte> file, int at, string name)
    {
        if (file.Length - at < 12)
            throw new ImageException(name, "the PNG is cut off.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - 12)
            throw new ImageException(name, "the PNG is cut off.");
        return ((int)length, file.Slice(at + 4, 4).ToArray());
    }

    static ImageHeader ReadJpeg(ReadOnlySpan<byte> file, string name)
    {
        for (int at = 2; at + 4 <= file.Length;)
        {
            if (file[at] != 0xFF)
                throw new ImageException(name, "the JPEG is damaged: a marker was expected.");
            int marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length)
                break;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (length < 8)
                    break;
                if (marker is not (0xC0 or 0xC1 or 0xC2))
                    throw new ImageException(
                        name, "this kind of JPEG (lossless, hierarchical or arithmetic coding) is not supported; save it as a baseline JPEG or a PNG.");
                int precision = file[at + 4], components = file[at + 9];
                int height = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]), width = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]);
                if (precision == 8 && components == 4)
                    throw new ImageException(name, "a JPEG in CMYK (four components) is not supported; save it as RGB.");
                if (precision != 8 || components is not (1 or 3))
                    throw new ImageException(name, $"a JPEG with {components} components of {precision} bits is not supported; save it as RGB with 8 bits.");
                if (width == 0 || height == 0)
                    throw new ImageException(name, "the JPEG has no size.");
                return new ImageHeader(width, height, components == 1 ? PixelMode.Grey : PixelMode.Rgb, false);
            }
            if (marker is 0xD9 or 0xDA)
                throw new ImageException(name, "the JPEG has no header before its data: the file is damaged.");
            at += 2 + length;
        }
        throw new ImageException(name, "the JPEG is cut off.");
    }
}
