using System.Buffers;
using ClipCore.Memory;
using ClipCore.Model;
using ClipCore.Numerics;

namespace ClipCore.Decomposition;

sealed unsafe partial class Engine
{
    /// <summary>Image representations.</summary>
    /// <param name="pixels">Normalised pixels. [b, 3, size, size]</param>
    /// <param name="destination">[b, e]</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="firstImage">What messages call the first image, where the call is a part of a longer one.</param>
    public void EncodeImages(ReadOnlySpan<float> pixels, Span<float> destination, bool normalize, int firstImage = 0)
    {
        int images = ImageCount(pixels), width = Vision.EmbedWidth;
        CheckRoom(destination.Length, images, width, nameof(destination));
        using UseCount.Use use = _uses.Enter();
        LayerNormStats* stats = stackalloc LayerNormStats[MaxImagesAtOnce];
        fixed (float* source = pixels)
        {
            for (int first = 0; first < images; first += MaxImagesAtOnce)
            {
                int count = Math.Min(MaxImagesAtOnce, images - first);
                using Lease<VisionWorkspace> work = RentVision(count);
                NoProbe probe = default;
                MatrixView output = Vision.Encode(_team, work.Value, source + ((long)first * Vision.PixelCount), count, ref probe, stats);
                CopyRows(output, stats, "image", firstImage + first, normalize, destination.Slice(first * width, count * width), default);
            }
        }
    }

    /// <summary>Runs the vision tower under a probe, and throws its output away. At most <see cref="MaxImagesAtOnce"/> images.</summary>
    public void Watch<TProbe>(ReadOnlySpan<float> pixels, ref TProbe probe) where TProbe : struct, IForwardProbe
    {
        int images = ImageCount(pixels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(images, MaxImagesAtOnce);
        using UseCount.Use use = _uses.Enter();
        using Lease<VisionWorkspace> work = RentVision(images);
        fixed (float* source = pixels)
            Vision.Encode(_team, work.Value, source, images, ref probe, null);
    }

    /// <summary>Text representations from token ids.</summary>
    /// <param name="ids">Ids of each text.</param>
    /// <param name="destination">[t, e]</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="firstText">What messages call the first text, where the call is a part of a longer one.</param>
    public void EncodeTokens(ReadOnlySpan<int[]> ids, Span<float> destination, bool normalize, int firstText = 0)
    {
        TextTower tower = Text;
        int width = tower.EmbedWidth;
        CheckRoom(destination.Length, ids.Length, width, nameof(destination));
        using UseCount.Use use = _uses.Enter();
        Span<int> lengths = stackalloc int[MaxTextsAtOnce];
        LayerNormStats* stats = stackalloc LayerNormStats[MaxTextsAtOnce];
        for (int first = 0; first < ids.Length; first += MaxTextsAtOnce)
        {
            int count = Math.Min(MaxTextsAtOnce, ids.Length - first), rows = 0;
            for (int i = 0; i < count; i++)
            {
                lengths[i] = UsedLength(tower, ids[first + i], firstText + first + i);
                rows += lengths[i];
            }
            using Lease<TextWorkspace> work = RentText(rows, count);
            int[] joined = ArrayPool<int>.Shared.Rent(rows);
            rows = 0;
            for (int i = 0; i < count; i++)
            {
                ids[first + i].AsSpan(0, lengths[i]).CopyTo(joined.AsSpan(rows));
                rows += lengths[i];
            }
            NoProbe probe = default;
            MatrixView output = tower.Encode(_team, work.Value, joined.AsSpan(0, rows), lengths[..count], ref probe, stats);
            ArrayPool<int>.Shared.Return(joined);
            CopyRows(output, stats, "text", firstText + first, normalize, destination.Slice(first * width, count * width), default);
        }
    }

    /// <summary>How many images there are, all of them whole and finite.</summary>
    public int ImageCount(ReadOnlySpan<float> pixels)
    {
        int one = Vision.PixelCount, size = Vision.ImageSize;
        if (pixels.Length == 0 || pixels.Length % one != 0)
            throw new ArgumentException(
                $"An image has 3 × {size} × {size} = {one} floats: {pixels.Length} floats are not a whole number of images.", nameof(pixels));
        for (int i = 0; i < pixels.Length; i++)
            if (!float.IsFinite(pixels[i]))
                throw new ArgumentException(
                    $"The pixels are not finite: image {i / one}, channel {i % one / (size * size)}, row {i % (size * size) / size}, "
                    + $"column {i % size} holds {pixels[i]}.", nameof(pixels));
        return pixels.Length / one;
    }

    static int UsedLength(TextTower tower, int[] ids, int text)
    {
        if (ids.Length == 0)
            throw new ArgumentException($"Text {text} has no token ids.", nameof(ids));
        if (ids.Length > tower.ContextLength)
            throw new ArgumentException(
                $"Text {text} has {ids.Length} token ids, more than the context of {tower.ContextLength}: cut it, keeping the end token.",
                nameof(ids));
        foreach (int id in ids)
            if ((uint)id >= (uint)tower.VocabularySize)
                throw new ArgumentException(
                    $"Text {text} holds the token id {id}, outside the vocabulary of {tower.VocabularySize}.", nameof(ids));
        int pooled = tower.PooledToken(ids);
        return pooled >= 0 ? pooled + 1
            : throw new ArgumentException($"Text {text} lacks the end token {tower.EndToken}, where it is pooled: end it with this id.", nameof(ids));
    }

    static void CheckRoom(int length, int rows, int width, string argument)
    {
        long needed = (long)rows * width;
        if (length != needed)
            throw new ArgumentException($"Room for {rows} × {width} = {needed} floats is needed, but the span has {length}.", argument);
    }

    /// <summary>
    /// Copies representations out of a workspace; none that is not finite, or that has no direction where one is asked for, leaves the engine.
    /// </summary>
    /// <param name="rows">The representations. [rows × e]</param>
    /// <param name="stats">Of the last LayerNorm, where a variance beyond the range of floats would make every value zero; null without. [rows]</param>
    /// <param name="kind">What a row is called in messages.</param>
    /// <param name="first">What messages call the first row.</param>
    /// <param name="normalize">Whether to scale each to length 1.</param>
    /// <param name="destination">[rows, e]</param>
    /// <param name="norms">Where the lengths go; empty for nowhere. [rows]</param>
    void CopyRows(
        MatrixView rows, LayerNormStats* stats, string kind, int first, bool normalize, Span<float> destination, Span<float> norms)
    {
        for (int i = 0; i < rows.Rows; i++)
        {
            if (stats != null && !(stats[i].InverseSigma > 0 && float.IsFinite(stats[i].InverseSigma)))
                throw new NonFiniteResultException(kind, first + i, "its variance before the last LayerNorm is beyond the range of floats");
            Span<float> row = destination.Slice(i * rows.Columns, rows.Columns);
            rows.RowSpan(i).CopyTo(row);
            float norm = _kernels.Norm(rows.Row(i), rows.Columns);
            if (!float.IsFinite(norm) || (normalize && norm == 0))
                throw new NonFiniteResultException(kind, first + i, $"its length is {norm}");
            if (norms.Length > 0)
                norms[i] = norm;
            if (normalize)
                for (int j = 0; j < row.Length; j++)
                    row[j] /= norm;
        }
    }
}
