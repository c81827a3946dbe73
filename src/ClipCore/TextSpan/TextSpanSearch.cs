using ClipCore.EffectSets;
using ClipCore.Lanes;

namespace ClipCore.TextSpan;

/// <summary>
/// TEXTSPAN (arXiv 2310.05916, algorithm 1): greedily picks the texts whose directions explain most of the variance of a head's outputs. It needs the outputs only
/// through their mean and second moment. Double precision; of equal texts the first is picked.
/// </summary>
public static class TextSpanSearch
{
    /// <summary>Below this share of the largest eigenvalue a direction is the rounding noise of single-precision data: (2⁻²⁴)² with room for the sum over images.</summary>
    const double Noise = 1e-12;

    /// <summary>Picks texts.</summary>
    /// <param name="statistics">The head's outputs. [n, e]</param>
    /// <param name="texts">Text representations. [t, e]</param>
    /// <param name="count">How many texts to pick, at most.</param>
    /// <param name="rank">Directions of the span, at most; the paper's code takes 80.</param>
    /// <param name="rule">Whether directions of rounding noise may be among them.</param>
    /// <exception cref="ArgumentException">There are no texts or no outputs, or the widths differ.</exception>
    public static TextSpanResult Run(SpanStatistics statistics, ReadOnlySpan<float> texts, int count, int rank = 80, SpanRule rule = SpanRule.NumericalRank)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        int width = statistics.Width;
        if (texts.Length == 0 || texts.Length % width != 0)
            throw new ArgumentException($"Texts are rows of {width} floats: {texts.Length} floats are not a whole number of them, or none.", nameof(texts));
        if (statistics.Count == 0)
            throw new ArgumentException("There are no outputs to span.", nameof(statistics));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);

        double[] mean = statistics.Mean();
        (double[] values, double[] vectors) = SymmetricEigen.Decompose(statistics.SecondMoment(), width);
        int size = Size(values, Math.Min(rank, width), statistics.Count, rule);
        return new Search(mean, values, vectors.AsSpan(0, size * width).ToArray(), size, texts).Run(count);
    }

    /// <summary>
    /// Picks texts from statistics of a head's coordinates: the outputs are q B with q [c], so that everything happens in c dimensions whatever the width of the shared
    /// space (design: sections 3 and 4 of the mathematics).
    /// </summary>
    /// <param name="coordinates">Statistics of q. [n, c]</param>
    /// <param name="basis">B. [c, e]</param>
    /// <param name="texts">Text representations. [t, e]</param>
    /// <param name="count">How many texts to pick, at most.</param>
    /// <param name="rank">Directions of the span, at most.</param>
    /// <exception cref="ArgumentException">There are no texts or no outputs, or the widths differ.</exception>
    public static TextSpanResult Run(SpanStatistics coordinates, ReadOnlySpan<float> basis, ReadOnlySpan<float> texts, int count, int rank = 80)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        int c = coordinates.Width, width = basis.Length / c;
        if (basis.Length == 0 || basis.Length % c != 0)
            throw new ArgumentException($"A basis has {c} rows: {basis.Length} floats are not a whole number of columns.", nameof(basis));
        if (texts.Length == 0 || texts.Length % width != 0)
            throw new ArgumentException($"Texts are rows of {width} floats: {texts.Length} floats are not a whole number of them, or none.", nameof(texts));
        if (coordinates.Count == 0)
            throw new ArgumentException("There are no outputs to span.", nameof(coordinates));

        // B Bᵀ = Q Λ Qᵀ: q B has the coordinates q Q √Λ along the orthonormal rows of Λ^(−½) Qᵀ B.
        double[] gram = new double[c * c];
        for (int i = 0; i < c; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < width; k++)
                    sum += (double)basis[(i * width) + k] * basis[(j * width) + k];
                gram[(i * c) + j] = gram[(j * c) + i] = sum;
            }
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
        (double[] values, double[] vectors) = SymmetricEigen.Decompose(Sandwich(t, coordinates.SecondMoment(), r, c), r);
        int size = Size(values, Math.Min(rank, r), coordinates.Count, SpanRule.NumericalRank);
        double[] directions = new double[size * width], mean = new double[width], means = coordinates.Mean();
        for (int i = 0; i < size; i++)
            for (int j = 0; j < r; j++)
                for (int k = 0; k < width; k++)
                    directions[(i * width) + k] += vectors[(i * r) + j] * axes[(j * width) + k];
        for (int j = 0; j < c; j++)
            for (int k = 0; k < width; k++)
                mean[k] += means[j] * basis[(j * width) + k];
        return new Search(mean, values, directions, size, texts).Run(count);
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

    /// <summary>The greedy search in coordinates of the span.</summary>
    sealed class Search
    {
        readonly double[] _mean, _basis, _covariance, _texts, _variances;
        readonly int _size, _width, _textCount;

        /// <param name="mean">Mean of the outputs. [e]</param>
        /// <param name="values">Second moments along the directions of the span, which are its own axes. [size]</param>
        /// <param name="basis">The directions, orthonormal. [size, e]</param>
        /// <param name="size">How many there are.</param>
        /// <param name="texts">[t, e]</param>
        public Search(double[] mean, double[] values, double[] basis, int size, ReadOnlySpan<float> texts)
        {
            (_mean, _basis, _size, _width) = (mean, basis, size, mean.Length);
            _textCount = texts.Length / _width;
            _covariance = Covariance(values);
            _texts = new double[_textCount * size];
            double[] transposed = new double[_width * size];
            for (int r = 0; r < size; r++)
                for (int i = 0; i < _width; i++)
                    transposed[(i * size) + r] = basis[(r * _width) + i];
            for (int t = 0; t < _textCount; t++)
            {
                Span<double> text = _texts.AsSpan(t * size, size);
                for (int i = 0; i < _width; i++)
                    Doubles.AddScaled(transposed.AsSpan(i * size, size), texts[(t * _width) + i], text);
            }
            _variances = new double[_textCount];
            double[] product = new double[size];
            for (int t = 0; t < _textCount; t++)
            {
                ReadOnlySpan<double> text = _texts.AsSpan(t * size, size);
                Multiply(_covariance, text, product);
                _variances[t] = Doubles.Dot(product, text);
            }
        }

        public TextSpanResult Run(int count)
        {
            double total = Trace(), left = total;
            List<int> indices = [];
            List<double> explained = [];
            double[] directions = new double[Math.Min(count, _size) * _width];
            double[] direction = new double[_size], w = new double[_size];
            for (int step = 0; step < count; step++)
            {
                int best = 0;
                for (int t = 1; t < _textCount; t++)
                    if (_variances[t] > _variances[best])
                        best = t;
                ReadOnlySpan<double> text = _texts.AsSpan(best * _size, _size);
                double length = Math.Sqrt(Doubles.Dot(text, text));
                // Nothing is left to explain: further texts would be picked among rounding errors.
                if (!(length > 0) || !(_variances[best] > 0) || step == _size)
                    break;
                for (int r = 0; r < _size; r++)
                    direction[r] = text[r] / length;
                Multiply(_covariance, direction, w);
                double s = Doubles.Dot(direction, w);
                Deflate(direction, w, s);
                left -= s;
                indices.Add(best);
                explained.Add(total > 0 ? 1 - (left / total) : 0);
                Span<double> full = directions.AsSpan(step * _width, _width);
                for (int r = 0; r < _size; r++)
                    Doubles.AddScaled(_basis.AsSpan(r * _width, _width), direction[r], full);
            }
            return new TextSpanResult([.. indices], [.. explained], directions.AsSpan(0, indices.Count * _width).ToArray(), _mean, _size);
        }

        /// <summary>Takes a direction out of the texts, their variances and the covariance.</summary>
        void Deflate(double[] u, double[] w, double s)
        {
            for (int t = 0; t < _textCount; t++)
            {
                Span<double> text = _texts.AsSpan(t * _size, _size);
                double a = Doubles.Dot(text, u);
                _variances[t] += (a * a * s) - (2 * a * Doubles.Dot(text, w));
                Doubles.AddScaled(u, -a, text);
            }
            // (I − uuᵀ) Σ (I − uuᵀ) = Σ − u wᵀ − w uᵀ + s u uᵀ
            for (int i = 0; i < _size; i++)
            {
                Span<double> row = _covariance.AsSpan(i * _size, _size);
                for (int j = 0; j < _size; j++)
                    row[j] += (s * u[i] * u[j]) - (u[i] * w[j]) - (w[i] * u[j]);
            }
        }

        /// <summary>The covariance in coordinates of the span, whose directions are the eigenvectors of the second moment: diag(values) − μμᵀ.</summary>
        double[] Covariance(double[] values)
        {
            double[] result = new double[_size * _size], means = new double[_size];
            for (int r = 0; r < _size; r++)
                means[r] = Doubles.Dot(_basis.AsSpan(r * _width, _width), _mean);
            for (int r = 0; r < _size; r++)
                for (int q = 0; q < _size; q++)
                    result[(r * _size) + q] = (r == q ? values[r] : 0) - (means[r] * means[q]);
            return result;
        }

        double Trace()
        {
            double trace = 0;
            for (int i = 0; i < _size; i++)
                trace += _covariance[(i * _size) + i];
            return trace;
        }

        void Multiply(double[] matrix, ReadOnlySpan<double> vector, double[] destination)
        {
            for (int i = 0; i < _size; i++)
                destination[i] = Doubles.Dot(matrix.AsSpan(i * _size, _size), vector);
        }
    }
}
