namespace ClipCore.EffectSets;

/// <summary>A mean of vectors in double precision: sums of fixed blocks of 64, added in order, so that a set cut along blocks gives the same bits.</summary>
sealed class BlockMean(int width)
{
    /// <summary>Images of a block.</summary>
    public const int Block = 64;

    readonly double[] _total = new double[width], _block = new double[width];
    long _count;

    public void Add(ReadOnlySpan<float> vector)
    {
        for (int i = 0; i < width; i++)
            _block[i] += vector[i];
        if (++_count % Block == 0)
            Close();
    }

    /// <summary>The mean of all vectors so far.</summary>
    public double[] Finish()
    {
        Close();
        double[] mean = new double[width];
        for (int i = 0; i < width; i++)
            mean[i] = _total[i] / _count;
        return mean;
    }

    void Close()
    {
        for (int i = 0; i < width; i++)
            _total[i] += _block[i];
        Array.Clear(_block);
    }
}
