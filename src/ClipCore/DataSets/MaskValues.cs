using ClipCore.Images;

namespace ClipCore.DataSets;

/// <summary>The samples of a mask's file as they are stored.</summary>
sealed class MaskValues : IPngRows
{
    MaskValues(PngLayout layout, string name)
    {
        Layout = layout;
        long samples = (long)layout.Width * layout.Height * layout.Channels;
        if (samples > Array.MaxLength)
            throw new ImageException(name, $"has {layout.Width} × {layout.Height} pixels, too many for one mask in memory.");
        Samples = new ushort[samples];
    }

    /// <summary>How the file stores them.</summary>
    public PngLayout Layout { get; }

    /// <summary>[height, width, channels]</summary>
    public ushort[] Samples { get; }

    /// <summary>Reads a PNG whose header was found valid.</summary>
    public static MaskValues Read(byte[] file, string name)
    {
        MaskValues values = new(PngLayout.Read(file), name);
        PngSamples.Read(file, name, values);
        return values;
    }

    public void Take(ReadOnlySpan<byte> packed, int y, int x, int step, int count)
    {
        int channels = Layout.Channels, row = y * Layout.Width * channels;
        for (int i = 0, from = 0; i < count; i++)
            for (int c = 0; c < channels; c++, from++)
                Samples[row + ((x + (i * step)) * channels) + c] = (ushort)PngSamples.Sample(packed, from, Layout.Depth);
    }
}
