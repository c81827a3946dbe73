using System.Runtime.ExceptionServices;
using ClipCore.Images;

namespace ClipCore.DataSets;

/// <summary>Reads neighbours of a set as the pixels that a model takes; what can't be read is left out and reported.</summary>
/// <param name="set">The images.</param>
/// <param name="preprocessor">How pictures become pixels.</param>
/// <param name="maxPixels">Pictures with more pixels are not decoded.</param>
/// <param name="strict">Whether the first image that can't be read ends the reading with its exception.</param>
sealed class ImageBatchReader(ImageSet set, ImagePreprocessor preprocessor, long maxPixels, bool strict)
{
    readonly PixelReader _reader = new(preprocessor, maxPixels);

    /// <summary>Reads some pictures, decoding them on all cores.</summary>
    /// <param name="first">Place of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Looked at before each picture.</param>
    /// <exception cref="ImageException">A picture is damaged or too large, and the reader is strict.</exception>
    /// <exception cref="DataSetException">A file is missing or unreadable, and the reader is strict.</exception>
    public ImageBatch Read(int first, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int width = _reader.PixelCount;
        ImageSource[] images = new ImageSource[count];
        for (int i = 0; i < count; i++)
            images[i] = set.Entries[first + i].Image;
        float[] pixels = new float[(long)count * width];
        Exception?[] faults = _reader.Read(images, pixels, cancellation);

        int[] good = [.. Enumerable.Range(0, count).Where(i => faults[i] == null)], bad = [.. Enumerable.Range(0, count).Where(i => faults[i] != null)];
        if (strict && bad.Length > 0)
            Refuse(images[bad[0]].Name, faults[bad[0]]!);
        if (bad.Length > 0)
        {
            for (int i = 0; i < good.Length; i++)
                pixels.AsSpan(good[i] * width, width).CopyTo(pixels.AsSpan(i * width, width));
            Array.Resize(ref pixels, good.Length * width);
        }
        return new ImageBatch(
            first, count, [.. good.Select(i => first + i)], pixels,
            [.. bad.Select(i => new SkippedImage(first + i, images[i].Name, Reason(images[i].Name, faults[i]!)))]);
    }

    static void Refuse(string name, Exception fault)
    {
        if (fault is ImageException)
            ExceptionDispatchInfo.Throw(fault);
        throw new DataSetException($"{name}: {Reason(name, fault)}", fault);
    }

    /// <summary>Why an image can't be read, in one line, without its name.</summary>
    static string Reason(string name, Exception fault) => fault switch
    {
        ImageException image => image.Fault,
        FileNotFoundException or DirectoryNotFoundException when name.Contains('\uFFFD', StringComparison.Ordinal) =>
            "there is no such file (its name is not UTF-8: rename it).",
        FileNotFoundException or DirectoryNotFoundException => "there is no such file.",
        UnauthorizedAccessException => "the file may not be read: change its permissions.",
        _ => $"the file can't be read ({fault.Message.ReplaceLineEndings(" ")})",
    };
}
