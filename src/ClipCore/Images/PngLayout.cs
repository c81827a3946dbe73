using System.Buffers.Binary;

namespace ClipCore.Images;

/// <summary>How a PNG lays out its samples.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="ColorType">0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.</param>
/// <param name="IsInterlaced">Adam7.</param>
readonly record struct PngLayout(int Width, int Height, int Depth, int ColorType, bool IsInterlaced)
{
    /// <summary>Samples of a pixel.</summary>
    public int Channels => ColorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Reads a header that was found valid.</summary>
    public static PngLayout Read(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> header = file[16..];
        return new PngLayout(
            BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]), header[8], header[9], header[12] != 0);
    }
}
