using System.Buffers.Binary;
using System.IO.Compression;

namespace ClipCore.Images;

/// <summary>Unpacks the samples of a PNG: palette indices and values of any depth, as they are stored.</summary>
/// <remarks>
/// It bears what Pillow bears: data in any number of parts, also empty ones; no end mark; unknown parts of any kind; more rows than the size calls for. It
/// never unpacks more than the size calls for, whatever the file holds.
/// </remarks>
static class PngSamples
{
    const int FirstChunk = 8, MostColors = 256;

    // Adam7: first column, first row, and the steps of each pass.
    static ReadOnlySpan<byte> Passes => [0, 0, 8, 8, 4, 0, 8, 8, 0, 4, 4, 8, 2, 0, 4, 4, 0, 2, 2, 4, 1, 0, 2, 2, 0, 1, 1, 2];

    /// <summary>Hands out all rows.</summary>
    /// <param name="file">A file whose header was found valid.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="rows">What takes them.</param>
    /// <exception cref="ImageException">The data is damaged or cut off.</exception>
    public static void Read(byte[] file, string name, IPngRows rows)
    {
        PngLayout layout = PngLayout.Read(file);
        using MemoryStream data = Data(file);
        if (data.Length == 0)
            throw new ImageException(name, "the PNG is cut off: it holds no pixels.");
        try
        {
            using BufferedStream unpacked = new(new ZLibStream(data, CompressionMode.Decompress), 1 << 16);
            if (layout.IsInterlaced)
                for (int pass = 0; pass < Passes.Length; pass += 4)
                    ReadPass(unpacked, name, layout, rows, Passes[pass], Passes[pass + 1], Passes[pass + 2], Passes[pass + 3]);
            else
                ReadPass(unpacked, name, layout, rows, 0, 0, 1, 1);
            // The checksum of the data is looked at when its end is read.
            _ = unpacked.ReadByte();
        }
        catch (InvalidDataException exception)
        {
            throw new ImageException(name, "the PNG data is damaged.", exception);
        }
    }

    /// <summary>Sample number <paramref name="i"/> of a packed row.</summary>
    public static int Sample(ReadOnlySpan<byte> packed, int i, int depth)
    {
        switch (depth)
        {
            case 8:
                return packed[i];
            case 16:
                return (packed[2 * i] << 8) | packed[(2 * i) + 1];
            default:
                int bit = i * depth;
                return (packed[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
        }
    }

    /// <summary>The palette as RGB; colours that it lacks are black. [256, 3]</summary>
    public static byte[] Palette(ReadOnlySpan<byte> file, string name)
    {
        byte[] palette = new byte[MostColors * 3];
        for (int at = FirstChunk; TryChunk(file, ref at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content);)
            if (type.SequenceEqual("PLTE"u8))
            {
                content[..Math.Min(content.Length, palette.Length)].CopyTo(palette);
                return palette;
            }
        throw new ImageException(name, "the PNG has no palette, but its pixels are indices into one: the file is damaged.");
    }

    static MemoryStream Data(ReadOnlySpan<byte> file)
    {
        MemoryStream data = new();
        for (int at = FirstChunk; TryChunk(file, ref at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content);)
        {
            if (type.SequenceEqual("IDAT"u8))
                data.Write(content);
            if (type.SequenceEqual("IEND"u8))
                break;
        }
        data.Position = 0;
        return data;
    }

    /// <summary>The next part; of one that is cut off, what there is.</summary>
    static bool TryChunk(ReadOnlySpan<byte> file, ref int at, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
    {
        type = default;
        content = default;
        if (at > file.Length - 8)
            return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        type = file.Slice(at + 4, 4);
        content = file.Slice(at + 8, (int)Math.Min(length, file.Length - at - 8));
        at = (int)Math.Min(at + 12L + length, file.Length);
        return true;
    }

    static void ReadPass(BufferedStream unpacked, string name, PngLayout layout, IPngRows rows, int x, int y, int stepX, int stepY)
    {
        int count = (int)(((long)layout.Width - x + stepX - 1) / stepX);
        if (count == 0)
            return;
        int bits = layout.Depth * layout.Channels, pixelBytes = Math.Max(1, bits / 8);
        int length = checked((int)((((long)count * bits) + 7) / 8));
        byte[] row = new byte[length + 1], above = new byte[length];
        for (; y < layout.Height; y += stepY)
        {
            int read = unpacked.ReadAtLeast(row, row.Length, throwOnEndOfStream: false);
            if (read < row.Length)
                throw new ImageException(name, "the PNG data ends before the last row: the file is damaged or cut off.");
            if (!PngFilters.Undo(row[0], row.AsSpan(1), above, pixelBytes))
                throw new ImageException(name, "the PNG data is damaged: a row has an unknown filter.");
            row.AsSpan(1).CopyTo(above);
            rows.Take(above, y, x, stepX, count);
        }
    }
}
