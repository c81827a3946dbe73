namespace ClipCore.Images;

/// <summary>Rows of a PNG as 8-bit pixels, as Pillow has them.</summary>
/// <remarks>
/// Few bits are spread to the whole range; of 16-bit colours the upper byte counts; 16-bit grey is clipped at 255, not divided, since that is what Pillow's
/// <c>convert("RGB")</c> does with it. Palettes are resolved. Transparent colours (tRNS) are colours like any other.
/// </remarks>
sealed class PngPixels : IPngRows
{
    readonly PngLayout _layout;
    readonly byte[]? _palette;
    readonly int _channels;

    PngPixels(byte[] file, string name, PngLayout layout)
    {
        _layout = layout;
        _palette = layout.ColorType == 3 ? PngSamples.Palette(file, name) : null;
        _channels = _palette != null ? 3 : layout.Channels;
        long bytes = (long)layout.Width * layout.Height * _channels;
        if (bytes > Array.MaxLength)
            throw new ImageException(name, $"has {layout.Width} × {layout.Height} pixels, too many for one picture in memory.");
        Pixels = new byte[bytes];
    }

    /// <summary>[height, width, channels]</summary>
    public byte[] Pixels { get; }

    /// <summary>Decodes a file whose header was found valid.</summary>
    public static DecodedImage Decode(byte[] file, string name, PixelMode mode)
    {
        PngPixels pixels = new(file, name, PngLayout.Read(file));
        PngSamples.Read(file, name, pixels);
        return new DecodedImage(name, pixels._layout.Width, pixels._layout.Height, mode, pixels.Pixels, pixels._channels);
    }

    public void Take(ReadOnlySpan<byte> packed, int y, int x, int step, int count)
    {
        Span<byte> row = Pixels.AsSpan(y * _layout.Width * _channels, _layout.Width * _channels);
        int depth = _layout.Depth, channels = _layout.Channels;
        if (_palette != null)
        {
            for (int i = 0, to = x * 3; i < count; i++, to += step * 3)
                _palette.AsSpan(PngSamples.Sample(packed, i, depth) * 3, 3).CopyTo(row[to..]);
            return;
        }
        if (depth == 8 && step == 1)
        {
            packed[..row.Length].CopyTo(row);
            return;
        }
        for (int i = 0, from = 0; i < count; i++)
            for (int c = 0; c < channels; c++, from++)
                row[((x + (i * step)) * channels) + c] = To8Bits(PngSamples.Sample(packed, from, depth), depth, channels);
    }

    static byte To8Bits(int sample, int depth, int channels) => depth switch
    {
        8 => (byte)sample,
        16 => channels == 1 ? (byte)Math.Min(sample, 255) : (byte)(sample >> 8),
        _ => (byte)(sample * (255 / ((1 << depth) - 1))),
    };
}
