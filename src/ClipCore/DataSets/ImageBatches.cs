using System.Runtime.ExceptionServices;
using ClipCore.Images;

namespace ClipCore.DataSets;

/// <summary>
/// Reads the pictures of a set in order, in batches, on all cores, into the pixels that a model takes; what can't be read is left out and reported.
/// </summary>
/// <remarks>
/// At most one batch of pixels is held, and pictures being decoded at the same time have at most as many pixels together as one alone may have.
/// Batches don't depend on the number of cores. Safe for many threads: each enumeration stands alone.
/// </remarks>
public static class ImageBatches
{
    /// <summary>Reads a whole set.</summary>
    /// <inheritdoc cref="Read(ImageSet, Range, ImagePreprocessor, int, long, bool, CancellationToken)"/>
    public static IEnumerable<ImageBatch> Read(
        ImageSet set, ImagePreprocessor preprocessor, int batchSize, long maxPixels = ImageDecoder.DefaultMaxPixels, bool strict = false,
        CancellationToken cancellation = default) => Read(set, Range.All, preprocessor, batchSize, maxPixels, strict, cancellation);

    /// <summary>Reads a part of a set.</summary>
    /// <param name="set">The images.</param>
    /// <param name="range">Which of them; indices in the batches stay those of the whole set.</param>
    /// <param name="preprocessor">How pictures become pixels.</param>
    /// <param name="batchSize">Images of a batch; the last may have fewer. Skipped ones count: a batch always covers as many places of the set.</param>
    /// <param name="maxPixels">Pictures with more pixels are not decoded.</param>
    /// <param name="strict">Whether the first image that can't be read ends the reading with its exception.</param>
    /// <param name="cancellation">Looked at before each picture.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="batchSize"/> or <paramref name="maxPixels"/> is below 1, a batch is too large for memory, or the range is not in the set.
    /// </exception>
    /// <exception cref="ImageException">A picture is damaged or too large, and <paramref name="strict"/> is set.</exception>
    /// <exception cref="DataSetException">A file is missing or unreadable, and <paramref name="strict"/> is set.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IEnumerable<ImageBatch> Read(
        ImageSet set, Range range, ImagePreprocessor preprocessor, int batchSize, long maxPixels = ImageDecoder.DefaultMaxPixels, bool strict = false,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(preprocessor);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        if ((long)batchSize * preprocessor.PixelCount > Array.MaxLength)
            throw new ArgumentOutOfRangeException(
                nameof(batchSize), batchSize, $"At most {Array.MaxLength / preprocessor.PixelCount} images of this size fit a batch.");
        (int first, int count) = range.GetOffsetAndLength(set.Count);
        return Batches(new BatchReader(set, preprocessor, maxPixels, strict, cancellation), first, first + count, batchSize);
    }

    static IEnumerable<ImageBatch> Batches(BatchReader reader, int first, int end, int batchSize)
    {
        for (; first < end; first += Math.Min(batchSize, end - first))
            yield return reader.Read(first, Math.Min(batchSize, end - first));
    }

    sealed class BatchReader(ImageSet set, ImagePreprocessor preprocessor, long maxPixels, bool strict, CancellationToken cancellation)
    {
        readonly PixelBudget _budget = new(maxPixels);

        public ImageBatch Read(int first, int count)
        {
            cancellation.ThrowIfCancellationRequested();
            int width = preprocessor.PixelCount;
            float[] pixels = new float[(long)count * width];
            string?[] reasons = new string?[count];
            Exception?[] faults = new Exception?[count];
            InParallel(count, i => reasons[i] = TryRead(set.Entries[first + i].Image, pixels.AsSpan(i * width, width), out faults[i]));

            int[] good = [.. Enumerable.Range(0, count).Where(i => reasons[i] == null)], bad = [.. Enumerable.Range(0, count).Where(i => reasons[i] != null)];
            if (strict && bad.Length > 0)
                Refuse(set.Entries[first + bad[0]].Image.Name, reasons[bad[0]]!, faults[bad[0]]!);
            if (bad.Length > 0)
            {
                for (int i = 0; i < good.Length; i++)
                    pixels.AsSpan(good[i] * width, width).CopyTo(pixels.AsSpan(i * width, width));
                Array.Resize(ref pixels, good.Length * width);
            }
            return new ImageBatch(
                first, count, [.. good.Select(i => first + i)], pixels,
                [.. bad.Select(i => new SkippedImage(first + i, set.Entries[first + i].Image.Name, reasons[i]!))]);
        }

        static void Refuse(string name, string reason, Exception fault)
        {
            if (fault is ImageException)
                ExceptionDispatchInfo.Throw(fault);
            throw new DataSetException($"{name}: {reason}", fault);
        }

        /// <returns>Why it can't be read; null where it could.</returns>
        string? TryRead(ImageSource source, Span<float> pixels, out Exception? fault)
        {
            try
            {
                fault = null;
                byte[] file = source.ReadBytes();
                long size = ImageDecoder.PixelsOf(file, source.Name, maxPixels);
                _budget.Enter(size, cancellation);
                try
                {
                    preprocessor.Normalize(preprocessor.Prepare(ImageDecoder.Decode(file, source.Name, maxPixels)).Rgb, pixels);
                }
                finally
                {
                    _budget.Leave(size);
                }
                return null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                fault = exception;
                return exception switch
                {
                    ImageException image => image.Fault,
                    FileNotFoundException or DirectoryNotFoundException when source.Name.Contains('\uFFFD', StringComparison.Ordinal) =>
                        "there is no such file (its name is not UTF-8: rename it).",
                    FileNotFoundException or DirectoryNotFoundException => "there is no such file.",
                    UnauthorizedAccessException => "the file may not be read: change its permissions.",
                    _ => $"the file can't be read ({exception.Message})",
                };
            }
        }

        /// <summary>Runs items on the pool's threads and this one, so that it goes on even where the pool has no thread to give.</summary>
        void InParallel(int count, Action<int> body)
        {
            int next = -1;
            Exception? unexpected = null;
            Task[] helpers = [.. Enumerable.Range(0, Math.Min(Environment.ProcessorCount, count) - 1).Select(_ => Task.Run(Work))];
            Work();
            Task.WaitAll(helpers);
            cancellation.ThrowIfCancellationRequested();
            if (unexpected != null)
                ExceptionDispatchInfo.Throw(unexpected);

            void Work()
            {
                try
                {
                    while (!cancellation.IsCancellationRequested && Volatile.Read(ref unexpected) == null)
                    {
                        int i = Interlocked.Increment(ref next);
                        if (i >= count)
                            break;
                        body(i);
                    }
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref unexpected, exception, null);
                }
            }
        }
    }
}
