namespace ClipCore.EffectSets;

/// <summary>
/// All that TEXTSPAN needs to know of a head's outputs on a data set: how many there were, their mean and their second moment; the memory does not depend on
/// the number of images. Blocks of at most 64 vectors are summed in double precision, in order; the blocks' sums are added as whole multiples of 2⁻⁸⁰, so
/// that sums do not depend on how the blocks were dealt out: any shards, merged in any order, give the same bits.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
public sealed class SpanStatistics
{
    // Sums stay below 2⁴⁷ in absolute value: a million million vectors of length one.
    const double Unit = 1.0 / (1L << 40) / (1L << 40), End = 1L << 47;

    // The pairs of more would not fit an array.
    const int MostWidth = 46_340;

    readonly Int128[] _sum, _moment;
    readonly double[] _blockSum, _blockMoment;
    int _inBlock;

    /// <summary>Empty statistics.</summary>
    /// <param name="width">Length of the vectors (e).</param>
    public SpanStatistics(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MostWidth);
        Width = width;
        int pairs = width * (width + 1) / 2;
        (_sum, _blockSum) = (new Int128[width], new double[width]);
        (_moment, _blockMoment) = (new Int128[pairs], new double[pairs]);
    }

    /// <summary>Length of the vectors (e).</summary>
    public int Width { get; }

    /// <summary>Number of vectors.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one vector; after 64 of them a block ends by itself. [e]</summary>
    /// <param name="vector">[e]</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    /// <exception cref="InvalidDataException">At a block's end: a sum is not finite, or too large to be kept exactly.</exception>
    public void Add(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Width)
            throw new ArgumentException($"A vector of {Width} floats is needed, but {vector.Length} were given.", nameof(vector));
        int at = 0;
        for (int i = 0; i < Width; i++)
        {
            double value = vector[i];
            _blockSum[i] += value;
            Span<double> row = _blockMoment.AsSpan(at, i + 1);
            for (int j = 0; j < row.Length; j++)
                row[j] += value * vector[j];
            at += i + 1;
        }
        Count++;
        if (++_inBlock == BlockMean.Block)
            EndBlock();
    }

    /// <summary>Ends a block before it is full, where a data set's own blocks do.</summary>
    /// <exception cref="InvalidDataException">A sum is not finite, or too large to be kept exactly.</exception>
    public void EndBlock()
    {
        if (_inBlock == 0)
            return;
        RequireRange(_blockSum);
        RequireRange(_blockMoment);
        for (int i = 0; i < _sum.Length; i++)
            _sum[i] = Add(_sum[i], (Int128)(_blockSum[i] / Unit));
        for (int i = 0; i < _moment.Length; i++)
            _moment[i] = Add(_moment[i], (Int128)(_blockMoment[i] / Unit));
        Array.Clear(_blockSum);
        Array.Clear(_blockMoment);
        _inBlock = 0;
    }

    /// <summary>Adds the vectors that another has seen.</summary>
    /// <exception cref="ArgumentException">Its vectors have another length.</exception>
    /// <exception cref="InvalidDataException">A sum is too large to be kept exactly.</exception>
    public void Merge(SpanStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Width != Width)
            throw new ArgumentException($"Statistics of vectors of {other.Width} floats can't be merged into those of {Width}.", nameof(other));
        EndBlock();
        other.EndBlock();
        Count += other.Count;
        for (int i = 0; i < _sum.Length; i++)
            _sum[i] = Add(_sum[i], other._sum[i]);
        for (int i = 0; i < _moment.Length; i++)
            _moment[i] = Add(_moment[i], other._moment[i]);
    }

    /// <summary>The mean. [e]</summary>
    public double[] Mean()
    {
        EndBlock();
        return [.. _sum.Select(sum => (double)sum * Unit / Count)];
    }

    /// <summary>Σ x xᵀ / n, not centred. [e, e]</summary>
    public double[] SecondMoment()
    {
        EndBlock();
        double[] moment = new double[Width * Width];
        int at = 0;
        for (int i = 0; i < Width; i++)
            for (int j = 0; j <= i; j++)
                moment[(i * Width) + j] = moment[(j * Width) + i] = (double)_moment[at++] * Unit / Count;
        return moment;
    }

    /// <summary>How many numbers <see cref="Save"/> gives.</summary>
    internal static int SavedLength(int width) => 1 + (2 * (width + (width * (width + 1) / 2)));

    /// <summary>Numbers that <see cref="Restore"/> takes back: the count, then low and high halves of all sums.</summary>
    internal long[] Save()
    {
        EndBlock();
        long[] values = new long[1 + (2 * (_sum.Length + _moment.Length))];
        values[0] = Count;
        int at = 1;
        foreach (Int128[] sums in (Int128[][])[_sum, _moment])
            foreach (Int128 sum in sums)
            {
                values[at++] = unchecked((long)(ulong)(UInt128)sum);
                values[at++] = (long)(sum >> 64);
            }
        return values;
    }

    /// <summary>Statistics as they were saved.</summary>
    internal static SpanStatistics Restore(int width, ReadOnlySpan<long> values)
    {
        SpanStatistics statistics = new(width) { Count = values[0] };
        int at = 1;
        for (int i = 0; i < statistics._sum.Length; i++, at += 2)
            statistics._sum[i] = new Int128((ulong)values[at + 1], (ulong)values[at]);
        for (int i = 0; i < statistics._moment.Length; i++, at += 2)
            statistics._moment[i] = new Int128((ulong)values[at + 1], (ulong)values[at]);
        return statistics;
    }

    static void RequireRange(double[] sums)
    {
        foreach (double sum in sums)
            if (!(Math.Abs(sum) < End))
                throw OutOfRange();
    }

    static Int128 Add(Int128 a, Int128 b)
    {
        Int128 sum = unchecked(a + b);
        // Two of one sign give the other only where the sum has no place.
        return Int128.IsNegative(a) == Int128.IsNegative(b) && Int128.IsNegative(sum) != Int128.IsNegative(a) ? throw OutOfRange() : sum;
    }

    static InvalidDataException OutOfRange() =>
        new("Statistics of these outputs are out of range: a sum is NaN, infinite or beyond 2⁴⁷; the outputs are no effects on unit representations.");
}
