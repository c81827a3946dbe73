using ClipCore.Decomposition;
using ClipCore.EffectSets;

namespace ClipCore.Retrieval;

/// <summary>
/// Parts of the images of a set, image by image, as often as wanted: kept where they are small, else read again, so that the memory is bounded.
/// </summary>
sealed class PartVectors
{
    const long MostBytes = 256L << 20;

    readonly EffectSet _set;
    readonly ComponentLabel[][] _parts;
    readonly EffectReader _reader;
    readonly float[] _current;
    readonly float[]? _kept;
    bool _isKept;

    /// <param name="set">The set.</param>
    /// <param name="parts">The components of each part; none for the whole representation.</param>
    public PartVectors(EffectSet set, IEnumerable<IReadOnlyList<ComponentLabel>> parts)
    {
        (_set, _parts, _reader) = (set, [.. parts.Select(part => part.ToArray())], new EffectReader(set, classAttention: false));
        foreach (ComponentLabel[] part in _parts)
            set.Require(part);
        _current = new float[_parts.Length * set.EmbedWidth];
        if ((long)set.ImageCount * _current.Length * sizeof(float) <= MostBytes)
            _kept = new float[set.ImageCount * _current.Length];
    }

    /// <summary>A part of the image at hand. [e]</summary>
    public ReadOnlySpan<float> this[int part] => _current.AsSpan(part * _set.EmbedWidth, _set.EmbedWidth);

    /// <summary>Takes an image at hand.</summary>
    public void Read(int image)
    {
        Span<float> kept = _kept == null ? [] : _kept.AsSpan(image * _current.Length, _current.Length);
        if (_isKept)
        {
            kept.CopyTo(_current);
            return;
        }
        _reader.Read(image);
        for (int part = 0; part < _parts.Length; part++)
            Sum(_parts[part], _reader.Heads, _reader.Mlps, _set.HeadCount, _current.AsSpan(part * _set.EmbedWidth, _set.EmbedWidth));
        if (_kept != null)
            _current.CopyTo(kept);
    }

    /// <summary>Takes every image at hand, in order.</summary>
    public void ForEach(Action<int> body, IProgress<int>? progress, CancellationToken cancellation)
    {
        for (int image = 0; image < _set.ImageCount; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            Read(image);
            body(image);
            progress?.Report(image + 1);
        }
        _isKept = _kept != null;
    }

    /// <summary>The part of one image's representation: the sum of its components.</summary>
    /// <param name="components">The components; none for the whole representation.</param>
    /// <param name="heads">Effects of the heads. [L, H, e]</param>
    /// <param name="mlps">Effects of the embedding and the MLPs. [L + 1, e]</param>
    /// <param name="headCount">H.</param>
    /// <param name="destination">[e]</param>
    public static void Sum(
        ReadOnlySpan<ComponentLabel> components, ReadOnlySpan<float> heads, ReadOnlySpan<float> mlps, int headCount, Span<float> destination)
    {
        int width = destination.Length;
        double[] sums = new double[width];
        if (components.IsEmpty)
        {
            AddRows(heads, sums);
            AddRows(mlps, sums);
        }
        foreach (ComponentLabel component in components)
            AddRows(
                component.Kind switch
                {
                    ComponentKind.Head => heads.Slice(((component.Layer * headCount) + component.Head) * width, width),
                    ComponentKind.Mlp => mlps.Slice((component.Layer + 1) * width, width),
                    _ => mlps[..width],
                },
                sums);
        for (int j = 0; j < width; j++)
            destination[j] = (float)sums[j];
    }

    static void AddRows(ReadOnlySpan<float> rows, double[] sums)
    {
        for (int start = 0; start < rows.Length; start += sums.Length)
            for (int j = 0; j < sums.Length; j++)
                sums[j] += rows[start + j];
    }
}
