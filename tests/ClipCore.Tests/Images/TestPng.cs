using System.Buffers.Binary;
using System.IO.Compression;

namespace ClipCore.Tests.Images;

/// <summary>Writes PNG files of every depth and colour type, interlaced or not, with all filters.</summary>
static class TestPng
{
    static readonly (int X, int Y, int StepX, int StepY)[] s_whole = [(0, 0, 1, 1)];
    static readonly (int X, int Y, int StepX, int StepY)[] s_adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <param name="samples">[height, width, channels]</param>
    public static byte[] Write(int width, int height, int depth, int colorType, ushort[] samples, bool isInterlaced = false, byte[]? palette = null)
    {
        int channels = samples.Length / (width * height);
        using MemoryStream raw = new();
        int filter = 0;
        foreach ((int x0, int y0, int stepX, int stepY) in isInterlaced ? s_adam7 : s_whole)
        {
            int count = (width - x0 + stepX - 1) / stepX, length = ((count * channels * depth) + 7) / 8, pixel = Math.Max(1, channels * depth / 8);
            byte[] above = new byte[length];
            for (int y = y0; y < height && count > 0; y += stepY)
            {
                byte[] row = new byte[length];
                for (int i = 0; i < count * channels; i++)
                    Put(row, i, depth, samples[(((y * width) + x0 + (i / channels * stepX)) * channels) + (i % channels)]);
                raw.WriteByte((byte)filter);
                for (int i = 0; i < length; i++)
                {
                    int a = i >= pixel ? row[i - pixel] : 0, b = above[i], c = i >= pixel ? above[i - pixel] : 0;
                    raw.WriteByte((byte)(row[i] - (filter switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, _ => Paeth(a, b, c) })));
                }
                (above, filter) = (row, (filter + 1) % 5);
            }
        }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colorType, (byte)(isInterlaced ? 1 : 0));
        return
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. palette == null ? [] : Chunk("PLTE", palette),
            .. Chunk("IDAT", Deflate(raw.ToArray())), .. Chunk("IEND", []),
        ];
    }

    /// <summary>A part of a file; the checksum is left out, since no reader here looks at it.</summary>
    public static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        for (int i = 0; i < 4; i++)
            chunk[4 + i] = (byte)type[i];
        content.CopyTo(chunk, 8);
        return chunk;
    }

    public static byte[] Deflate(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (ZLibStream stream = new(packed, CompressionLevel.Fastest, leaveOpen: true))
            stream.Write(bytes);
        return packed.ToArray();
    }

    static void Put(byte[] row, int i, int depth, int value)
    {
        if (depth == 16)
            BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(2 * i), (ushort)value);
        else
            row[i * depth / 8] |= (byte)(value << (8 - depth - (i * depth % 8)));
    }

    static int Paeth(int a, int b, int c)
    {
        int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
}
