namespace ClipCore.EffectSets;

/// <summary>The effects of a few neighbouring images of a store, expanded together.</summary>
sealed class StoreWindow(int most, int layers, int heads, int embed)
{
    readonly int _headsWidth = layers * heads * embed, _classWidth = layers * embed;
    float[] _heads = [], _classAttention = [];
    int _first, _count;
    bool _hasClassAttention;

    /// <summary>Fills the window for some images.</summary>
    /// <param name="images">Images.</param>
    /// <param name="heads">[images, L, H, e]</param>
    /// <param name="classAttention">[images, L, e], or empty.</param>
    public delegate void Expansion(int images, Span<float> heads, Span<float> classAttention);

    /// <summary>The image that was read last; −1 before the first.</summary>
    public int Last { get; set; } = -1;

    public bool TryRead(int image, Span<float> heads, Span<float> classAttention)
    {
        int at = image - _first;
        if (at < 0 || at >= _count || (classAttention.Length > 0 && !_hasClassAttention))
            return false;
        _heads.AsSpan(at * _headsWidth, _headsWidth).CopyTo(heads);
        if (classAttention.Length > 0)
            _classAttention.AsSpan(at * _classWidth, _classWidth).CopyTo(classAttention);
        return true;
    }

    public void Fill(int first, int images, bool classAttention, Expansion expansion)
    {
        // An expansion that throws leaves an empty window.
        _count = 0;
        if (_heads.Length < images * _headsWidth)
            _heads = new float[(images > 1 ? most : 1) * _headsWidth];
        if (classAttention && _classAttention.Length < images * _classWidth)
            _classAttention = new float[(images > 1 ? most : 1) * _classWidth];
        expansion(images, _heads.AsSpan(0, images * _headsWidth), classAttention ? _classAttention.AsSpan(0, images * _classWidth) : []);
        (_first, _count, _hasClassAttention) = (first, images, classAttention);
    }
}
