using System.Runtime.ExceptionServices;
using ClipCore.Checkpoints;
using ClipCore.DataSets;
using ClipCore.Decomposition;
using ClipCore.Images;

namespace ClipCore;

public sealed partial class ClipModel
{
    // A decomposition of a batch, at the most: 256 MB.
    const long MostEffectFloats = 64 << 20;

    // Pixels of a block, at the most: as much.
    const long MostPixelFloats = 64 << 20;

    /// <summary>Representations of picture files, decoded in parallel and encoded in batches. [b, e]</summary>
    /// <param name="paths">PNG or JPEG files.</param>
    /// <param name="destination">Where the representations go. [b, e]</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <param name="progress">Told how many pictures are done, after each batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ArgumentException">The destination has not b · e floats.</exception>
    /// <exception cref="ImageException">One is no readable picture, or too large; those before its batch are encoded.</exception>
    /// <exception cref="IOException">A file is missing or unreadable.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public void EncodeImages(
        IReadOnlyList<string> paths, Span<float> destination, bool normalize = true, long maxPixels = ImageDecoder.DefaultMaxPixels,
        IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        EncodeImages(Sources(paths), destination, normalize, maxPixels, progress, cancellation);

    /// <summary>Representations of pictures of any origin, decoded in parallel and encoded in batches. [b, e]</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="destination">Where the representations go. [b, e]</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <param name="progress">Told how many pictures are done, after each batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ArgumentException">The destination has not b · e floats.</exception>
    /// <exception cref="ImageException">One is no readable picture, or too large; those before its batch are encoded.</exception>
    /// <exception cref="IOException">A picture is missing or unreadable.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public void EncodeImages(
        IReadOnlyList<ImageSource> images, Span<float> destination, bool normalize = true, long maxPixels = ImageDecoder.DefaultMaxPixels,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        int width = _engine.Vision.EmbedWidth;
        long needed = (long)images.Count * width;
        if (destination.Length != needed)
            throw new ArgumentException(
                $"Room for {images.Count} × {width} = {needed} floats is needed, but the span has {destination.Length}.", nameof(destination));
        foreach ((int first, int count, float[] pixels) in Blocks(images, EncodeBlock, maxPixels, cancellation))
        {
            EncodeBlockOf(first, count, pixels, destination.Slice(first * width, count * width), normalize, cancellation);
            progress?.Report(first + count);
        }
    }

    /// <summary>Representations of picture files as rows of one array, decoded in parallel and encoded in batches. [b × e]</summary>
    /// <param name="paths">PNG or JPEG files.</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <param name="progress">Told how many pictures are done, after each batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ImageException">One is no readable picture, or too large; those before its batch are encoded.</exception>
    /// <exception cref="IOException">A picture is missing or unreadable.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public float[] EncodeImageRows(
        IReadOnlyList<string> paths, bool normalize = true, long maxPixels = ImageDecoder.DefaultMaxPixels, IProgress<int>? progress = null,
        CancellationToken cancellation = default) =>
        EncodeImageRows(Sources(paths), normalize, maxPixels, progress, cancellation);

    /// <summary>Representations of pictures of any origin as rows of one array, decoded in parallel and encoded in batches. [b × e]</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <param name="progress">Told how many pictures are done, after each batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ImageException">One is no readable picture, or too large; those before its batch are encoded.</exception>
    /// <exception cref="IOException">A picture is missing or unreadable.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public float[] EncodeImageRows(
        IReadOnlyList<ImageSource> images, bool normalize = true, long maxPixels = ImageDecoder.DefaultMaxPixels, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        float[] rows = NewRows(images.Count);
        EncodeImages(images, rows, normalize, maxPixels, progress, cancellation);
        return rows;
    }

    /// <summary>Representations of pictures that come as streams, as rows of one array, decoded in parallel and encoded in batches. [b × e]</summary>
    /// <param name="streams">
    /// Each the bytes of a PNG or JPEG file, read on the calling thread from where it stands to its end when its batch's turn comes; not disposed.
    /// </param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <param name="progress">Told how many pictures are done, after each batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ImageException">One is no readable picture, or too large; those before its batch are encoded.</exception>
    /// <exception cref="IOException">A picture is missing or unreadable.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero where it should have length 1.</exception>
    public float[] EncodeImageRows(
        IEnumerable<Stream> streams, bool normalize = true, long maxPixels = ImageDecoder.DefaultMaxPixels, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(streams);
        int width = _engine.Vision.EmbedWidth;
        List<float[]> parts = [];
        foreach ((int first, int count, float[] pixels) in Blocks(Sources(streams), EncodeBlock, maxPixels, cancellation))
        {
            float[] part = new float[count * width];
            EncodeBlockOf(first, count, pixels, part, normalize, cancellation);
            parts.Add(part);
            progress?.Report(first + count);
        }
        float[] rows = NewRows(parts.Sum(part => part.Length / width));
        int at = 0;
        foreach (float[] part in parts)
        {
            part.CopyTo(rows, at);
            at += part.Length;
        }
        return rows;
    }

    /// <summary>Decomposes picture files, decoded in parallel, in batches of at most eight.</summary>
    /// <param name="paths">PNG or JPEG files.</param>
    /// <param name="take">
    /// Given the index of a batch's first picture and the batch's effects, which the next batch overwrites: copy what is to be kept.
    /// </param>
    /// <param name="options">How finely to split, and along which directions; null for the defaults.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <param name="progress">Told how many pictures are done, after each batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ArgumentException">The directions belong to another model, or one image's result is too large for one array.</exception>
    /// <exception cref="ImageException">One is no readable picture, or too large; those before its batch are done.</exception>
    /// <exception cref="IOException">A file is missing or unreadable.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero.</exception>
    public void Decompose(
        IReadOnlyList<string> paths, Action<int, DirectEffects> take, DecomposeOptions? options = null, long maxPixels = ImageDecoder.DefaultMaxPixels,
        IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        DecomposeAll(Sources(paths), take, options, maxPixels, progress, cancellation);

    /// <summary>Decomposes pictures of any origin, decoded in parallel, in batches of at most eight.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="take">
    /// Given the index of a batch's first picture and the batch's effects, which the next batch overwrites: copy what is to be kept.
    /// </param>
    /// <param name="options">How finely to split, and along which directions; null for the defaults.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <param name="progress">Told how many pictures are done, after each batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ArgumentException">The directions belong to another model, or one image's result is too large for one array.</exception>
    /// <exception cref="ImageException">One is no readable picture, or too large; those before its batch are done.</exception>
    /// <exception cref="IOException">A picture is missing or unreadable.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero.</exception>
    public void Decompose(
        IReadOnlyList<ImageSource> images, Action<int, DirectEffects> take, DecomposeOptions? options = null,
        long maxPixels = ImageDecoder.DefaultMaxPixels, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        DecomposeAll(images, take, options, maxPixels, progress, cancellation);
    }

    /// <summary>Decomposes pictures that come as streams, decoded in parallel, in batches of at most eight.</summary>
    /// <param name="streams">
    /// Each the bytes of a PNG or JPEG file, read on the calling thread from where it stands to its end when its batch's turn comes; not disposed.
    /// </param>
    /// <param name="take">
    /// Given the index of a batch's first picture and the batch's effects, which the next batch overwrites: copy what is to be kept.
    /// </param>
    /// <param name="options">How finely to split, and along which directions; null for the defaults.</param>
    /// <param name="maxPixels">Pictures with more pixels are refused before they are decoded.</param>
    /// <param name="progress">Told how many pictures are done, after each batch.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <exception cref="ArgumentException">The directions belong to another model, or one image's result is too large for one array.</exception>
    /// <exception cref="ImageException">One is no readable picture, or too large; those before its batch are done.</exception>
    /// <exception cref="IOException">A picture is missing or unreadable.</exception>
    /// <exception cref="NonFiniteResultException">A representation is not finite, or zero.</exception>
    public void Decompose(
        IEnumerable<Stream> streams, Action<int, DirectEffects> take, DecomposeOptions? options = null, long maxPixels = ImageDecoder.DefaultMaxPixels,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(streams);
        DecomposeAll(Sources(streams), take, options, maxPixels, progress, cancellation);
    }

    void DecomposeAll(
        IEnumerable<ImageSource> images, Action<int, DirectEffects> take, DecomposeOptions? options, long maxPixels, IProgress<int>? progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(take);
        options ??= new DecomposeOptions();
        long parts = options.Level switch
        {
            EffectLevel.Layer => VisionConfig.LayerCount,
            EffectLevel.Head => (long)VisionConfig.LayerCount * VisionConfig.HeadCount,
            _ => (long)VisionConfig.LayerCount * VisionConfig.HeadCount * VisionConfig.TokenCount,
        };
        int batch = (int)Math.Clamp(MostEffectFloats / (parts * (options.Directions?.Count ?? EmbedWidth)), 1, Engine.MaxImagesAtOnce);
        DirectEffects? effects = null;
        foreach ((int first, int count, float[] pixels) in Blocks(images, batch, maxPixels, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            effects = _engine.Decompose(pixels.AsSpan(0, count * PixelCount), options, effects?.ImageCount == count ? effects : null, first);
            take(first, effects);
            progress?.Report(first + count);
        }
    }

    // Enough pictures to decode for every core, in whole passes of the model.
    static int EncodeBlock => Math.Clamp(
        (Environment.ProcessorCount + Engine.MaxImagesAtOnce - 1) / Engine.MaxImagesAtOnce, 1, 8) * Engine.MaxImagesAtOnce;

    /// <summary>Encodes a block pass by pass.</summary>
    void EncodeBlockOf(int first, int count, float[] pixels, Span<float> destination, bool normalize, CancellationToken cancellation)
    {
        int width = _engine.Vision.EmbedWidth;
        for (int at = 0; at < count; at += Engine.MaxImagesAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            int part = Math.Min(Engine.MaxImagesAtOnce, count - at);
            _engine.EncodeImages(
                pixels.AsSpan(at * PixelCount, part * PixelCount), destination.Slice(at * width, part * width), normalize, first + at);
        }
    }

    IEnumerable<(int First, int Count, float[] Pixels)> Blocks(
        IEnumerable<ImageSource> images, int size, long maxPixels, CancellationToken cancellation)
    {
        if (Preprocessor.PixelCount != PixelCount)
            throw new InvalidOperationException(
                $"The preprocessing makes pictures of {Preprocessor.Config.Size} pixels, but the vision tower takes {VisionConfig.ImageSize}.");
        cancellation.ThrowIfCancellationRequested();
        return Read(new PixelReader(Preprocessor, maxPixels), images, (int)Math.Clamp(MostPixelFloats / PixelCount, 1, size), cancellation);
    }

    /// <summary>Blocks of pictures, in an array that the next block overwrites; of several that can't be read, the first one's exception is thrown.</summary>
    static IEnumerable<(int First, int Count, float[] Pixels)> Read(
        PixelReader reader, IEnumerable<ImageSource> images, int size, CancellationToken cancellation)
    {
        float[] pixels = [];
        int first = 0;
        foreach (ImageSource[] block in images.Chunk(size))
        {
            // The first block is the longest: a single picture takes no room for more.
            if (pixels.Length == 0)
                pixels = new float[block.Length * reader.PixelCount];
            foreach (Exception? fault in reader.Read(block, pixels, cancellation))
                if (fault != null)
                    ExceptionDispatchInfo.Throw(fault);
            yield return (first, block.Length, pixels);
            first += block.Length;
        }
    }

    static ImageSource[] Sources(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return [.. paths.Select(path => ImageSource.OfFile(path))];
    }

    static IEnumerable<ImageSource> Sources(IEnumerable<Stream> streams)
    {
        int index = 0;
        foreach (Stream stream in streams)
        {
            ArgumentNullException.ThrowIfNull(stream, nameof(streams));
            string name = stream is FileStream file ? file.Name : $"image {index}";
            using MemoryStream copy = new();
            stream.CopyTo(copy);
            byte[] bytes = copy.ToArray();
            yield return new ImageSource(name, () => new MemoryStream(bytes, writable: false));
            index++;
        }
    }
}
