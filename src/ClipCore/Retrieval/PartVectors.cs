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
            PartIndex.Sum(_parts[part], _reader.Heads, _reader.Mlps, _set.HeadCount, _current.AsSpan(part * _set.EmbedWidth, _set.EmbedWidth));
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
}
