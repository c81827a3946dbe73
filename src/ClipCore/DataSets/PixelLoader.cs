using System.Runtime.ExceptionServices;
using ClipCore.Images;

namespace ClipCore.DataSets;

/// <summary>Reads, decodes and prepares pictures, a block at a time, on all cores.</summary>
/// <remarks>
/// Pictures are independent of each other, so who decodes which changes nothing. Decoding and the model's passes take turns and do not run side by side:
/// each uses all cores.
/// </remarks>
static class PixelLoader
{
    /// <summary>The blocks of a series of pictures.</summary>
    /// <param name="preprocessor">Prepares them.</param>
    /// <param name="images">The pictures; read when their block's turn comes.</param>
    /// <param name="blockSize">Most pictures of a block.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused.</param>
    /// <param name="cancellation">Looked at before each block and each picture.</param>
    /// <returns>Where a block starts, how many pictures it has, and their pixels [count, 3, size, size], in an array that the next block overwrites.</returns>
    public static IEnumerable<(int First, int Count, float[] Pixels)> Blocks(
        ImagePreprocessor preprocessor, IEnumerable<ImageSource> images, int blockSize, long maxPixels, CancellationToken cancellation)
    {
        float[] pixels = new float[blockSize * preprocessor.PixelCount];
        int first = 0;
        foreach (ImageSource[] block in images.Chunk(blockSize))
        {
            Load(preprocessor, block, pixels, maxPixels, cancellation);
            yield return (first, block.Length, pixels);
            first += block.Length;
        }
    }

    /// <summary>Fills the pixels of one block; of several faults the first picture's is thrown.</summary>
    static void Load(ImagePreprocessor preprocessor, ImageSource[] block, float[] pixels, long maxPixels, CancellationToken cancellation)
    {
        ExceptionDispatchInfo?[] faults = new ExceptionDispatchInfo?[block.Length];
        Parallel.For(0, block.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            try
            {
                Span<float> destination = pixels.AsSpan(i * preprocessor.PixelCount, preprocessor.PixelCount);
                if (block[i].Path is { } path)
                {
                    preprocessor.Load(path, destination, maxPixels);
                    return;
                }
                using Stream stream = block[i].Open();
                preprocessor.Load(stream, block[i].Name, destination, maxPixels);
            }
            catch (Exception exception)
            {
                faults[i] = ExceptionDispatchInfo.Capture(exception);
            }
        });
        foreach (ExceptionDispatchInfo? fault in faults)
            fault?.Throw();
    }
}
