namespace ClipCore.Images;

/// <summary>Turns pictures into the pixels that a model takes, as OpenCLIP and Pillow do it, to the byte.</summary>
/// <remarks>
/// The order is resize, crop, RGB (or RGB first, where the configuration says so): pictures with a palette and black-and-white ones are resized by
/// nearest neighbour, alpha is premultiplied for the resize and then dropped, and EXIF orientation is ignored. The crop is computed
/// together with the resize, so that only what it keeps costs time and memory. Safe for many threads at once.
/// </remarks>
public sealed class ImagePreprocessor
{
    readonly float[] _table = new float[3 * 256];

    /// <summary>Prepares the steps of a configuration.</summary>
    /// <param name="config">The steps; the size must be given.</param>
    /// <exception cref="ArgumentException">The size is not positive.</exception>
    public ImagePreprocessor(PreprocessConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Size < 1)
            throw new ArgumentException(
                $"{nameof(PreprocessConfig)}.{nameof(PreprocessConfig.Size)} is {config.Size}: give the side of the result in pixels.", nameof(config));
        Config = config;
        for (int channel = 0; channel < 3; channel++)
            for (int value = 0; value < 256; value++)
                _table[(channel * 256) + value] = ((float)(value * config.RescaleFactor) - config.Mean[channel]) / config.Std[channel];
    }

    /// <summary>The configuration.</summary>
    public PreprocessConfig Config { get; }

    /// <summary>Floats of one image: 3 · size · size.</summary>
    public int PixelCount => 3 * Config.Size * Config.Size;

    /// <summary>Reads a picture and turns it into normalised pixels. [3, size, size]</summary>
    /// <param name="path">A PNG or JPEG file.</param>
    /// <param name="maxPixels">A picture with more pixels is refused before it is decoded.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public float[] Load(string path, long maxPixels = ImageDecoder.DefaultMaxPixels)
    {
        float[] pixels = new float[PixelCount];
        Load(path, pixels, maxPixels);
        return pixels;
    }

    /// <summary>Reads a picture and turns it into normalised pixels.</summary>
    /// <param name="path">A PNG or JPEG file.</param>
    /// <param name="destination">[3, size, size]</param>
    /// <param name="maxPixels">A picture with more pixels is refused before it is decoded.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">The file is missing or unreadable.</exception>
    public void Load(string path, Span<float> destination, long maxPixels = ImageDecoder.DefaultMaxPixels) =>
        Normalize(Prepare(ImageDecoder.Load(path, maxPixels)).Rgb, destination);

    /// <summary>Reads a picture and turns it into normalised pixels. [3, size, size]</summary>
    /// <param name="stream">The bytes of a PNG or JPEG file, read from where it stands to its end; not disposed.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="maxPixels">A picture with more pixels is refused before it is decoded.</param>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">The stream is unreadable.</exception>
    public float[] Load(Stream stream, string name = "picture", long maxPixels = ImageDecoder.DefaultMaxPixels)
    {
        float[] pixels = new float[PixelCount];
        Load(stream, name, pixels, maxPixels);
        return pixels;
    }

    /// <summary>Reads a picture and turns it into normalised pixels.</summary>
    /// <param name="stream">The bytes of a PNG or JPEG file, read from where it stands to its end; not disposed.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="destination">[3, size, size]</param>
    /// <param name="maxPixels">A picture with more pixels is refused before it is decoded.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ImageException">It is no readable picture, or too large.</exception>
    /// <exception cref="IOException">The stream is unreadable.</exception>
    public void Load(Stream stream, string name, Span<float> destination, long maxPixels = ImageDecoder.DefaultMaxPixels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        Normalize(Prepare(ImageDecoder.Decode(bytes.ToArray(), name, maxPixels)).Rgb, destination);
    }

    /// <summary>Resizes and crops a picture.</summary>
    /// <exception cref="ImageException">It is too long and thin.</exception>
    public PreparedImage Prepare(DecodedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        int size = Config.Size;
        Resampling.CheckSides(image, size);
        (int newWidth, int newHeight) = NewSize(image.Width, image.Height);
        // Where the square lies in the resized picture; negative where it is padded.
        int x = CropStart(newWidth, size), y = CropStart(newHeight, size);
        int left = Math.Max(x, 0), top = Math.Max(y, 0);
        PixelRectangle part = new(left, top, Math.Min(newWidth, x + size) - left, Math.Min(newHeight, y + size) - top);

        byte[] rgb = Resize(image, newWidth, newHeight, part);
        if (part.Width != size || part.Height != size)
            rgb = Pad(rgb, part, left - x, top - y);
        double scaleX = (double)image.Width / newWidth, scaleY = (double)image.Height / newHeight;
        return new PreparedImage(
            rgb, size, new PictureRectangle(x * scaleX, y * scaleY, size * scaleX, size * scaleY), image.Width, image.Height);
    }

    /// <summary>Bytes to normalised pixels: (value/255 − mean) / std for each channel.</summary>
    /// <param name="rgb">[size, size, 3]</param>
    /// <param name="pixels">Destination. [3, size, size]</param>
    /// <exception cref="ArgumentException">A length does not fit the size.</exception>
    public void Normalize(ReadOnlySpan<byte> rgb, Span<float> pixels)
    {
        if (rgb.Length != PixelCount || pixels.Length != PixelCount)
            throw new ArgumentException(
                $"{PixelCount} bytes and floats are needed, but {rgb.Length} bytes and {pixels.Length} floats were given.", nameof(pixels));
        int plane = Config.Size * Config.Size;
        for (int channel = 0; channel < 3; channel++)
        {
            ReadOnlySpan<float> table = _table.AsSpan(channel * 256, 256);
            Span<float> destination = pixels.Slice(channel * plane, plane);
            for (int i = 0, from = channel; i < plane; i++, from += 3)
                destination[i] = table[rgb[from]];
        }
    }

    byte[] Resize(DecodedImage image, int newWidth, int newHeight, PixelRectangle part)
    {
        bool isSame = newWidth == image.Width && newHeight == image.Height;
        if (Config.ConvertRgbFirst)
            return Resampling.Resize(image.ToRgb(), image.Width, image.Height, 3, Config.Interpolation, newWidth, newHeight, part);
        if (image.Mode is PixelMode.Palette or PixelMode.Bilevel)
            return Rgb(Resampling.Nearest(image.Pixels, image.Width, image.Height, image.Channels, newWidth, newHeight, part), image.Channels);
        bool hasAlpha = image.Mode is PixelMode.GreyAlpha or PixelMode.Rgba && !isSame;
        byte[] source = hasAlpha ? PixelArithmetic.Premultiply(image.Pixels, image.Channels) : image.Pixels;
        byte[] resized = Resampling.Resize(source, image.Width, image.Height, image.Channels, Config.Interpolation, newWidth, newHeight, part);
        if (hasAlpha)
            PixelArithmetic.Unpremultiply(resized, image.Channels);
        return Rgb(resized, image.Channels);
    }

    static byte[] Rgb(byte[] pixels, int channels) => channels == 3 ? pixels : PixelArithmetic.ToRgb(pixels, channels);

    byte[] Pad(byte[] rgb, PixelRectangle part, int left, int top)
    {
        int size = Config.Size;
        byte[] padded = new byte[PixelCount];
        padded.AsSpan().Fill(Config.FillValue);
        for (int y = 0; y < part.Height; y++)
            rgb.AsSpan(y * part.Width * 3, part.Width * 3).CopyTo(padded.AsSpan((((top + y) * size) + left) * 3));
        return padded;
    }

    (int Width, int Height) NewSize(int width, int height)
    {
        int size = Config.Size;
        switch (Config.ResizeMode)
        {
            case ResizeMode.Squash:
                return (size, size);
            case ResizeMode.Longest:
                // As timm's and OpenCLIP's keep-ratio resize: both sides divided by the larger ratio, rounded half to even.
                double ratio = Math.Max((double)height / size, (double)width / size);
                return (Divided(width, ratio), Divided(height, ratio));
            default:
                // As torchvision's: the longer side is cut off to whole pixels, not rounded.
                return width <= height
                    ? (size, checked((int)((long)size * height / width)))
                    : (checked((int)((long)size * width / height)), size);
        }
    }

    static int Divided(int side, double ratio) => Math.Max(1, (int)Math.Round(side / ratio, MidpointRounding.ToEven));

    /// <summary>Where the centre crop starts: half the difference, rounded half to even; for padding, half rounded down goes before the picture.</summary>
    static int CropStart(int length, int size) => length >= size
        ? (int)Math.Round((length - size) / 2.0, MidpointRounding.ToEven)
        : -((size - length) / 2);
}
