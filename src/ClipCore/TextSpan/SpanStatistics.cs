using ClipCore.Decomposition;

namespace ClipCore.TextSpan;

/// <summary>
/// All that TEXTSPAN needs to know of a head's outputs on a data set: how many there were, their mean and their second moment. In double precision, in fixed
/// blocks of 64 vectors that are added in order; the memory does not depend on the number of images.
/// </summary>
public sealed class SpanStatistics
{
    readonly double[] _sum, _moment, _blockSum, _blockMoment;

    /// <summary>Empty statistics.</summary>
    /// <param name="width">Length of the vectors (e).</param>
    public SpanStatistics(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Width = width;
        (_sum, _blockSum) = (new double[width], new double[width]);
        (_moment, _blockMoment) = (new double[width * width], new double[width * width]);
    }

    /// <summary>Length of the vectors (e).</summary>
    public int Width { get; }

    /// <summary>Number of vectors.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one vector. [e]</summary>
    public void Add(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Width)
            throw new ArgumentException($"A vector of {Width} floats is needed, but {vector.Length} were given.", nameof(vector));
        for (int i = 0; i < Width; i++)
        {
            double value = vector[i];
            _blockSum[i] += value;
            Span<double> row = _blockMoment.AsSpan(i * Width, i + 1);
            for (int j = 0; j < row.Length; j++)
                row[j] += value * vector[j];
        }
        if (++Count % BlockMean.Block == 0)
            Close();
    }

    /// <summary>The mean. [e]</summary>
    public double[] Mean()
    {
        Close();
        return [.. _sum.Select(sum => sum / Count)];
    }

    /// <summary>Σ x xᵀ / n, not centred. [e, e]</summary>
    public double[] SecondMoment()
    {
        Close();
        double[] moment = new double[Width * Width];
        for (int i = 0; i < Width; i++)
            for (int j = 0; j <= i; j++)
                moment[(i * Width) + j] = moment[(j * Width) + i] = _moment[(i * Width) + j] / Count;
        return moment;
    }

    void Close()
    {
        for (int i = 0; i < Width; i++)
            _sum[i] += _blockSum[i];
        for (int i = 0; i < _moment.Length; i++)
            _moment[i] += _blockMoment[i];
        Array.Clear(_blockSum);
        Array.Clear(_blockMoment);
    }
}
