using ClipCore.DataSets;
using ClipCore.Images;

namespace ClipCore.EffectSets;

/// <summary>Reads neighbours of a set as the pixels that a model takes; what can't be read is left out and reported.</summary>
/// <param name="images">The set.</param>
/// <param name="preprocessor">How pictures become pixels.</param>
/// <param name="maxPixels">Larger pictures count as unreadable.</param>
/// <param name="strict">Whether the first one that can't be read ends the reading with its exception.</param>
sealed class PictureReader(ImageSet images, ImagePreprocessor preprocessor, long maxPixels, bool strict)
{
    /// <summary>Reads some pictures, decoding them on all cores.</summary>
    /// <returns>Places of those that could be read, their pixels [n, 3, size, size], and the others.</returns>
    public (int[] Indices, float[] Pixels, SkippedImage[] Skipped) Read(int first, int count, CancellationToken cancellation)
    {
        byte[]?[] pictures = new byte[]?[count];
        Exception?[] faults = new Exception?[count];
        WorkItems.Run(count, i =>
        {
            try
            {
                pictures[i] = preprocessor.Prepare(Decode(images.Entries[first + i].Image)).Rgb;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                faults[i] = exception;
            }
        }, cancellation);
        int[] good = [.. Enumerable.Range(0, count).Where(i => pictures[i] != null)];
        SkippedImage[] skipped = [.. Enumerable.Range(0, count).Where(i => pictures[i] == null).Select(i => Skipped(first + i, faults[i]!))];
        if (strict && skipped.Length > 0)
            throw new DataSetException($"{skipped[0].Name}: {skipped[0].Reason}", faults[skipped[0].Index - first]);
        float[] pixels = new float[(long)good.Length * preprocessor.PixelCount];
        for (int i = 0; i < good.Length; i++)
            preprocessor.Normalize(pictures[good[i]], pixels.AsSpan(i * preprocessor.PixelCount, preprocessor.PixelCount));
        return ([.. good.Select(i => first + i)], pixels, skipped);
    }

    DecodedImage Decode(ImageSource source)
    {
        if (source.Path != null)
            return ImageDecoder.Load(source.Path, maxPixels);
        using Stream stream = source.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return ImageDecoder.Decode(bytes.ToArray(), source.Name, maxPixels);
    }

    /// <summary>The reason in one line, without the name where the message begins with it.</summary>
    SkippedImage Skipped(int index, Exception fault)
    {
        ImageSource source = images.Entries[index].Image;
        string reason = fault.Message.ReplaceLineEndings(" ");
        foreach (string? name in (string?[])[source.Name, source.Path])
            if (name != null && reason.StartsWith($"{name}: ", StringComparison.Ordinal))
                reason = reason[(name.Length + 2)..];
        return new SkippedImage(index, source.Name, reason.Length > 0 ? reason : fault.GetType().Name);
    }
}
