namespace ClipCore.Atlas;

/// <summary>The few images of the largest (or least) scores among many that pass by, kept in order.</summary>
sealed class ImageRanking(int count, bool largest)
{
    readonly ScoredImage[] _best = new ScoredImage[count];
    int _filled;

    /// <summary>The images so far, the best first.</summary>
    public ScoredImage[] Images => _best[.._filled];

    /// <summary>Images come in the order of their indices, so that of equal scores the one that is there stays before.</summary>
    public void Add(int image, double score)
    {
        int at = _filled;
        while (at > 0 && (largest ? score > _best[at - 1].Score : score < _best[at - 1].Score))
            at--;
        if (at == _best.Length)
            return;
        _filled = Math.Min(_filled + 1, _best.Length);
        for (int i = _filled - 1; i > at; i--)
            _best[i] = _best[i - 1];
        _best[at] = new ScoredImage(image, score);
    }
}
