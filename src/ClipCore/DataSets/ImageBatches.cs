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
        return Batches(new ImageBatchReader(set, preprocessor, maxPixels, strict), first, first + count, batchSize, cancellation);
    }

    static IEnumerable<ImageBatch> Batches(ImageBatchReader reader, int first, int end, int batchSize, CancellationToken cancellation)
    {
        for (; first < end; first += Math.Min(batchSize, end - first))
            yield return reader.Read(first, Math.Min(batchSize, end - first), cancellation);
    }
}
