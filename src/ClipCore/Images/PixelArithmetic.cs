namespace ClipCore.Images;

/// <summary>Changes of the number of channels, and alpha, with Pillow's roundings.</summary>
static class PixelArithmetic
{
    /// <summary>Grey or colour, with or without alpha, as RGB.</summary>
    public static byte[] ToRgb(ReadOnlySpan<byte> pixels, int channels)
    {
        byte[] rgb = new byte[pixels.Length / channels * 3];
        for (int from = 0, to = 0; from < pixels.Length; from += channels, to += 3)
            for (int c = 0; c < 3; c++)
                rgb[to + c] = pixels[from + (channels < 3 ? 0 : c)];
        return rgb;
    }

    /// <summary>Colours times alpha / 255, rounded.</summary>
    public static byte[] Premultiply(ReadOnlySpan<byte> pixels, int channels)
    {
        byte[] result = pixels.ToArray();
        for (int i = 0; i < result.Length; i += channels)
        {
            int alpha = result[i + channels - 1];
            for (int c = 0; c < channels - 1; c++)
            {
                int product = (result[i + c] * alpha) + 128;
                result[i + c] = (byte)(((product >> 8) + product) >> 8);
            }
        }
        return result;
    }

    /// <summary>Colours divided by alpha / 255, rounded down and clipped, in place.</summary>
    public static void Unpremultiply(Span<byte> pixels, int channels)
    {
        for (int i = 0; i < pixels.Length; i += channels)
        {
            int alpha = pixels[i + channels - 1];
            if (alpha is not (0 or 255))
                for (int c = 0; c < channels - 1; c++)
                    pixels[i + c] = (byte)Math.Min(255, 255 * pixels[i + c] / alpha);
        }
    }
}
