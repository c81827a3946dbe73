using ClipCore.Images;

namespace ClipCore.DataSets;

public sealed partial record ObjectMask
{
    const int Ignored = 255;

    /// <summary>Reads a mask from a PNG file.</summary>
    /// <remarks>
    /// <para>A palette goes by index: 0 is background, 255 is left out, any other is foreground, as Pascal VOC and DAVIS have it.</para>
    /// <para>
    /// Grey of any depth, also where a colour file holds grey alone, goes by value: 0 is background, any other is foreground. 255 is foreground where there are
    /// no values but 0 and 255; beside others it could be either, so that <see cref="MaskOptions.IgnoreValue"/> or <see cref="MaskOptions.NothingIgnored"/>
    /// must say it. The same holds for 65535 in 16-bit files, and there for 255 where it is the largest value.
    /// </para>
    /// <para>
    /// Colours need <see cref="MaskOptions.ForegroundColors"/> or <see cref="MaskOptions.BackgroundColors"/>; these are looked at in palettes and grey,
    /// too.
    /// </para>
    /// </remarks>
    /// <param name="source">The file.</param>
    /// <param name="options">What the file does not say; null for nothing.</param>
    /// <param name="maxPixels">Masks with more pixels are refused before they are decoded.</param>
    /// <exception cref="DataSetException">It does not say which pixels are the object, or is no PNG.</exception>
    /// <exception cref="ImageException">It is damaged or too large.</exception>
    /// <exception cref="IOException">It is missing or unreadable.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static ObjectMask Read(ImageSource source, MaskOptions? options = null, long maxPixels = ImageDecoder.DefaultMaxPixels)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new MaskOptions();
        if (options.NothingIgnored && options.IgnoreValue != null)
            throw new ArgumentException("NothingIgnored and IgnoreValue contradict each other: set one of them.", nameof(options));
        byte[] file = source.ReadBytes();
        if (!ImageDecoder.IsPng(file, source.Name, maxPixels))
            throw new DataSetException($"{source.Name} is a JPEG, which does not keep the values of a mask: save masks as PNG.");
        MaskValues values = MaskValues.Read(file, source.Name);
        PngLayout layout = values.Layout;
        sbyte[] labels = options.ForegroundColors != null || options.BackgroundColors != null
            ? ByColor(values, layout.ColorType == 3 ? PngSamples.Palette(file, source.Name) : null, options)
            : layout.ColorType == 3 ? ByIndex(values.Samples, options) : ByGrey(source.Name, values, options);
        return new ObjectMask(layout.Width, layout.Height, labels);
    }

    static sbyte[] ByIndex(ushort[] indices, MaskOptions options) =>
        ByValue(indices, options, options.NothingIgnored ? -1 : options.IgnoreValue ?? (options.BackgroundValue == Ignored ? -1 : Ignored));

    static sbyte[] ByGrey(string name, MaskValues values, MaskOptions options)
    {
        ushort[] grey = Grey(name, values);
        if (options.NothingIgnored || options.IgnoreValue != null)
            return ByValue(grey, options, options.IgnoreValue ?? -1);
        int largest = 0;
        bool hasOthers = false;
        foreach (ushort value in grey)
            largest = Math.Max(largest, value);
        foreach (ushort value in grey)
            hasOthers |= value != options.BackgroundValue && value != largest;
        if (hasOthers && largest != options.BackgroundValue && (largest == Ignored || largest == ushort.MaxValue))
            throw new DataSetException(
                $"{name} holds the value {largest} beside others than 0: it may mean a pixel to leave out, or the object. "
                + $"Set MaskOptions.IgnoreValue to {largest}, or MaskOptions.NothingIgnored.");
        return ByValue(grey, options, -1);
    }

    static sbyte[] ByValue(ushort[] values, MaskOptions options, int ignored)
    {
        sbyte[] labels = new sbyte[values.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = (sbyte)(values[i] == ignored ? -1 : values[i] == options.BackgroundValue ? 0 : 1);
        return labels;
    }

    /// <summary>The grey values of a file that holds nothing else.</summary>
    static ushort[] Grey(string name, MaskValues values)
    {
        int channels = values.Layout.Channels, opaque = (1 << values.Layout.Depth) - 1;
        ushort[] samples = values.Samples;
        if (channels == 1)
            return samples;
        ushort[] grey = new ushort[samples.Length / channels];
        for (int i = 0, from = 0; i < grey.Length; i++, from += channels)
        {
            grey[i] = samples[from];
            if (channels >= 3 && (samples[from] != samples[from + 1] || samples[from] != samples[from + 2]))
                throw new DataSetException(
                    $"{name} is a mask in colour: say by MaskOptions.ForegroundColors which colours are the object, "
                    + "or by MaskOptions.BackgroundColors which are not.");
            if (channels is 2 or 4 && samples[from + channels - 1] != opaque)
                throw new DataSetException($"{name} is a mask with transparency, which may mean anything: save it as grey values, 0 for the background.");
        }
        return grey;
    }

    static sbyte[] ByColor(MaskValues values, byte[]? palette, MaskOptions options)
    {
        int channels = values.Layout.Channels, depth = values.Layout.Depth;
        HashSet<MaskColor> foreground = [.. options.ForegroundColors ?? []], background = [.. options.BackgroundColors ?? []];
        sbyte[] labels = new sbyte[values.Samples.Length / channels];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<ushort> pixel = values.Samples.AsSpan(i * channels, channels);
            MaskColor color = palette != null ? new MaskColor(palette[pixel[0] * 3], palette[(pixel[0] * 3) + 1], palette[(pixel[0] * 3) + 2])
                : channels < 3 ? new MaskColor(Byte(pixel[0], depth), Byte(pixel[0], depth), Byte(pixel[0], depth))
                : new MaskColor(Byte(pixel[0], depth), Byte(pixel[1], depth), Byte(pixel[2], depth));
            bool isForeground = foreground.Contains(color), isBackground = background.Contains(color);
            labels[i] = (sbyte)(isForeground ? 1 : isBackground ? 0 : options.ForegroundColors == null ? 1 : options.BackgroundColors == null ? 0 : -1);
        }
        return labels;
    }

    /// <summary>A sample of any depth as 8 bits.</summary>
    static byte Byte(ushort sample, int depth) => (byte)(depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1));
}
