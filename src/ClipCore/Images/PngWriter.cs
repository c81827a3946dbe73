using System.Buffers.Binary;
using System.IO.Compression;
using ClipCore.Files;

namespace ClipCore.Images;

/// <summary>Writes PNG files: 8 bits a channel, grey, RGB or RGBA, one filter chosen for each row. Safe for many threads.</summary>
/// <remarks>Source: the PNG specification, third edition. The pixels are the same everywhere; the compressed bytes depend on the runtime's zlib.</remarks>
public static class PngWriter
{
    const int FilterCount = 5;

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="pixels">Bytes, row by row. [height, width, channels]</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> pixels, int width, int height)
    {
        byte[] png = Encode(pixels, width, height);
        using OutputFile file = new(path);
        file.Stream.Write(png);
        file.Commit();
    }

    /// <summary>The bytes of a PNG file.</summary>
    /// <param name="pixels">Bytes, row by row. [height, width, channels]</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        long count = (long)width * height;
        int channels = (int)(pixels.Length / count);
        if (channels is not (1 or 3 or 4) || pixels.Length != count * channels)
            throw new ArgumentException(
                $"{width} × {height} pixels of 1, 3 or 4 bytes are needed, but there are {pixels.Length} bytes.", nameof(pixels));

        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = channels switch { 1 => 0, 3 => 2, _ => 6 };
        WriteChunk(png, "IHDR"u8, header);
        using (MemoryStream data = new())
        {
            using (ZLibStream zlib = new(data, CompressionLevel.Optimal, leaveOpen: true))
                WriteRows(zlib, pixels, width * channels, channels);
            WriteChunk(png, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        }
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Filters each row in the way that leaves the smallest differences, the specification's own heuristic.</summary>
    static void WriteRows(ZLibStream zlib, ReadOnlySpan<byte> pixels, int stride, int channels)
    {
        byte[] best = new byte[stride + 1], candidate = new byte[stride + 1], none = new byte[stride];
        for (int start = 0; start < pixels.Length; start += stride)
        {
            ReadOnlySpan<byte> row = pixels.Slice(start, stride), above = start == 0 ? none : pixels.Slice(start - stride, stride);
            long least = long.MaxValue;
            for (int filter = 0; filter < FilterCount; filter++)
            {
                long sum = Filter(filter, row, above, channels, candidate);
                if (sum >= least)
                    continue;
                least = sum;
                (best, candidate) = (candidate, best);
            }
            zlib.Write(best);
        }
    }

    static long Filter(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int channels, Span<byte> destination)
    {
        destination[0] = (byte)filter;
        long sum = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < channels ? 0 : row[i - channels], up = above[i], corner = i < channels ? 0 : above[i - channels];
            byte value = (byte)(row[i] - filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                _ => Paeth(left, up, corner),
            });
            destination[i + 1] = value;
            sum += Math.Abs((int)(sbyte)value);
        }
        return sum;
    }

    static int Paeth(int left, int up, int corner)
    {
        int estimate = left + up - corner;
        int toLeft = Math.Abs(estimate - left), toUp = Math.Abs(estimate - up), toCorner = Math.Abs(estimate - corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    static void WriteChunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        png.Write(number);
    }

    static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }
        return crc;
    }
}
