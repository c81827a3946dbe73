using ClipCore.Images;
using ClipCore.Threads;

namespace ClipCore.DataSets;

/// <summary>
/// Reads, decodes and prepares pictures on all cores: the one place that does. Pictures being decoded at the same time have at most as many pixels together as
/// one alone may have.
/// </summary>
/// <remarks>
/// Pictures are independent of each other, so who decodes which changes nothing. Decoding and the model's passes take turns and do not run side by side: each
/// uses all cores.
/// </remarks>
/// <param name="preprocessor">How pictures become pixels.</param>
/// <param name="maxPixels">Pictures with more pixels are not decoded.</param>
sealed class PixelReader(ImagePreprocessor preprocessor, long maxPixels)
{
    readonly PixelBudget _budget = new(maxPixels);

    /// <summary>Floats of one picture.</summary>
    public int PixelCount => preprocessor.PixelCount;

    /// <summary>Reads some pictures.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="pixels">Room for at least as many; where a picture can't be read, its place has no meaning. [count, 3, size, size]</param>
    /// <param name="cancellation">Looked at before each picture.</param>
    /// <returns>
    /// Why a picture can't be read, an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>; null where it was. What else its opening throws
    /// is thrown on. [count]
    /// </returns>
    public Exception?[] Read(ImageSource[] images, float[] pixels, CancellationToken cancellation)
    {
        Exception?[] faults = new Exception?[images.Length];
        IndependentItems.Run(images.Length, i =>
        {
            try
            {
                Read(images[i], pixels.AsSpan(i * PixelCount, PixelCount), cancellation);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                faults[i] = exception;
            }
        }, cancellation);
        return faults;
    }

    void Read(ImageSource image, Span<float> pixels, CancellationToken cancellation)
    {
        byte[] file = image.ReadBytes();
        long size = ImageDecoder.PixelsOf(file, image.Name, maxPixels);
        _budget.Enter(size, cancellation);
        try
        {
            preprocessor.Normalize(preprocessor.Prepare(ImageDecoder.Decode(file, image.Name, maxPixels)).Rgb, pixels);
        }
        finally
        {
            _budget.Leave(size);
        }
    }
}
