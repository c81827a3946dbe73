using System.CommandLine;

namespace ClipCore.Cli;

/// <summary>Images of a command, read batch by batch.</summary>
abstract class PixelSource : IDisposable
{
    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>What an image is called in results.</summary>
    public abstract string Name(int image);

    /// <summary>Reads normalised pixels of one image. [3, size, size]</summary>
    public abstract void Read(int image, Span<float> pixels);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Hands the images over in batches, with progress on stderr.</summary>
    /// <param name="model">Whose pixels they are.</param>
    /// <param name="what">What is done to them, for the progress line.</param>
    /// <param name="body">Takes the index of the first image and the pixels. [b, 3, size, size]</param>
    public void ForEachBatch(ClipModel model, string what, BatchAction body)
    {
        const int Images = 8;
        float[] pixels = new float[(long)Math.Min(Images, Count) * model.PixelCount];
        using Progress progress = new(what, "images", Count);
        for (int first = 0; first < Count; first += Images)
        {
            int count = Math.Min(Images, Count - first);
            for (int i = 0; i < count; i++)
                Read(first + i, pixels.AsSpan(i * model.PixelCount, model.PixelCount));
            body(first, pixels.AsSpan(0, count * model.PixelCount));
            progress.Report(first + count);
        }
    }

    /// <summary>Takes a batch.</summary>
    public delegate void BatchAction(int first, ReadOnlySpan<float> pixels);
}
