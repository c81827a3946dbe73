using ClipCore.EffectSets;

namespace ClipCore.TextSpan;

/// <summary>The span of a head's outputs: made once, to be searched with as many pools of texts as there are. Immutable, safe for many threads.</summary>
sealed class HeadSpan
{
    /// <summary>
    /// Below this share of the largest eigenvalue a direction is the rounding noise of single-precision data: (2⁻²⁴)² with room for the sum over images.
    /// </summary>
    const double Noise = 1e-12;

    HeadSpan(double[] mean, double[] moments, double[] directions, int rank, double meanSquare)
    {
        (Mean, Moments, Directions, Rank) = (mean, moments, directions, rank);
        double variance = meanSquare;
        foreach (double value in mean)
            variance -= value * value;
        Variance = variance > meanSquare * Noise ? variance : 0;
    }

    /// <summary>Mean of the outputs. [e]</summary>
    public double[] Mean { get; }

    /// <summary>Second moments along the directions, which are its own axes; at least <see cref="Rank"/> of them.</summary>
    public double[] Moments { get; }

    /// <summary>The directions, orthonormal. [r, e]</summary>
    public double[] Directions { get; }

    /// <summary>How many directions there are (r).</summary>
    public int Rank { get; }

    /// <summary>Variance of the whole outputs, also of what the rank cut off; 0 where it is rounding noise beside the mean square.</summary>
    public double Variance { get; }

    public static HeadSpan Of(HeadStatistics head, int rank, SpanRule rule)
    {
        ArgumentNullException.ThrowIfNull(head);
        return head.Basis == null ? Of(head.Statistics, rank, rule) : Of(head.Statistics, head.Basis, rank, rule);
    }

    public static HeadSpan Of(SpanStatistics statistics, int rank, SpanRule rule)
    {
        Require(statistics, rank);
        int width = statistics.Width;
        double[] moment = statistics.SecondMoment();
        double meanSquare = 0;
        for (int i = 0; i < width; i++)
            meanSquare += moment[(i * width) + i];
        (double[] values, double[] vectors) = SymmetricEigen.Decompose(moment, width);
        int size = Size(values, Math.Min(rank, width), statistics.Count, rule);
        return new HeadSpan(statistics.Mean(), values, vectors.AsSpan(0, size * width).ToArray(), size, meanSquare);
    }

    public static HeadSpan Of(SpanStatistics coordinates, ReadOnlySpan<float> basis, int rank, SpanRule rule)
    {
        Require(coordinates, rank);
        int c = coordinates.Width, width = basis.Length / c;
        if (basis.Length == 0 || basis.Length % c != 0)
            throw new ArgumentException($"A basis has {c} rows: {basis.Length} floats are not a whole number of columns.", nameof(basis));

        // B Bᵀ = Q Λ Qᵀ: q B has the coordinates q Q √Λ along the orthonormal rows of Λ^(−½) Qᵀ B.
        double[] gram = Gram(basis, c, width), moment = coordinates.SecondMoment(), means = coordinates.Mean();
        double meanSquare = 0;
        for (int i = 0; i < gram.Length; i++)
            meanSquare += gram[i] * moment[i];
        (double[] lambdas, double[] q) = SymmetricEigen.Decompose(gram, c);
        int r = 1;
        while (r < c && lambdas[r] > lambdas[0] * Noise)
            r++;
        double[] t = new double[r * c], axes = new double[r * width];
        for (int i = 0; i < r; i++)
        {
            double root = Math.Sqrt(lambdas[i]);
            for (int j = 0; j < c; j++)
            {
                t[(i * c) + j] = q[(i * c) + j] * root;
                double factor = q[(i * c) + j] / root;
                for (int k = 0; k < width; k++)
                    axes[(i * width) + k] += factor * basis[(j * width) + k];
            }
        }
        (double[] values, double[] vectors) = SymmetricEigen.Decompose(Sandwich(t, moment, r, c), r);
        int size = Size(values, Math.Min(rank, r), coordinates.Count, rule);
        double[] directions = new double[size * width], mean = new double[width];
        for (int i = 0; i < size; i++)
            for (int j = 0; j < r; j++)
                for (int k = 0; k < width; k++)
                    directions[(i * width) + k] += vectors[(i * r) + j] * axes[(j * width) + k];
        for (int j = 0; j < c; j++)
            for (int k = 0; k < width; k++)
                mean[k] += means[j] * basis[(j * width) + k];
        return new HeadSpan(mean, values, directions, size, meanSquare);
    }

    /// <summary>Picks texts.</summary>
    /// <param name="texts">[t, e]</param>
    /// <param name="count">How many, at most.</param>
    public TextSpanResult Pick(ReadOnlySpan<float> texts, int count)
    {
        int width = Mean.Length;
        if (texts.Length == 0 || texts.Length % width != 0)
            throw new ArgumentException($"Texts are rows of {width} floats: {texts.Length} floats are not a whole number of them, or none.", nameof(texts));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new GreedySearch(this, texts).Run(count);
    }

    static void Require(SpanStatistics statistics, int rank)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        if (statistics.Count == 0)
            throw new ArgumentException("There are no outputs to span.", nameof(statistics));
    }

    /// <summary>How many directions the span has.</summary>
    static int Size(double[] values, int most, long count, SpanRule rule)
    {
        int size = (int)Math.Min(most, count);
        if (rule == SpanRule.NumericalRank)
            while (size > 1 && !(values[size - 1] > values[0] * Noise))
                size--;
        return size;
    }

    /// <summary>B Bᵀ. [c, c]</summary>
    static double[] Gram(ReadOnlySpan<float> basis, int c, int width)
    {
        double[] gram = new double[c * c];
        for (int i = 0; i < c; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < width; k++)
                    sum += (double)basis[(i * width) + k] * basis[(j * width) + k];
                gram[(i * c) + j] = gram[(j * c) + i] = sum;
            }
        return gram;
    }

    /// <summary>T M Tᵀ. [r, r]</summary>
    static double[] Sandwich(double[] t, double[] m, int r, int c)
    {
        double[] half = new double[r * c], result = new double[r * r];
        for (int i = 0; i < r; i++)
            for (int j = 0; j < c; j++)
                for (int k = 0; k < c; k++)
                    half[(i * c) + k] += t[(i * c) + j] * m[(j * c) + k];
        for (int i = 0; i < r; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < c; k++)
                    sum += half[(i * c) + k] * t[(j * c) + k];
                result[(i * r) + j] = result[(j * r) + i] = sum;
            }
        return result;
    }
}
