using ClipCore.DataSets;

namespace ClipCore.Cli.Data;

/// <summary>Images of a command, read batch by batch.</summary>
abstract class PixelSource : IDisposable
{
    /// <summary>Images of a batch.</summary>
    protected const int BatchSize = 8;

    /// <summary>Number of images, those that can't be read counted.</summary>
    public abstract int Count { get; }

    /// <summary>Where they came from.</summary>
    public abstract string DataName { get; }

    /// <summary>Images that could not be read so far.</summary>
    public List<SkippedImage> Skipped { get; } = [];

    /// <summary>What an image is called in results.</summary>
    public abstract string Name(int image);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Hands the images over in batches, with progress on stderr.</summary>
    /// <param name="what">What is done to them, for the progress line.</param>
    /// <param name="body">Takes a batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    public void ForEachBatch(string what, Action<PixelBatch> body, CancellationToken cancellation)
    {
        using Progress progress = new(what, "images", Count);
        int done = 0;
        foreach (PixelBatch batch in Batches(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            if (batch.Indices.Length > 0)
                body(batch);
            done += batch.Indices.Length;
            progress.Report(done + Skipped.Count);
        }
    }

    /// <summary>The batches in order.</summary>
    protected abstract IEnumerable<PixelBatch> Batches(CancellationToken cancellation);
}
