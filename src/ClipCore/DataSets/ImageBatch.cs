namespace ClipCore.DataSets;

/// <summary>Neighbours in a set of images, as the pixels that a model takes. The arrays are the reader's own and are not used again.</summary>
/// <param name="First">Place of the first image in the set.</param>
/// <param name="Examined">How many images of the set, from <paramref name="First"/> on, were looked at: those read and those skipped.</param>
/// <param name="Indices">Places in the set of the images that could be read, ascending. [n]</param>
/// <param name="Pixels">Their normalised pixels. [n, 3, size, size]</param>
/// <param name="Skipped">Those that could not be read, ascending.</param>
public sealed record ImageBatch(int First, int Examined, int[] Indices, float[] Pixels, SkippedImage[] Skipped)
{
    /// <summary>Number of images that could be read (n); may be 0.</summary>
    public int Count => Indices.Length;
}
