using ClipCore.Lanes;

namespace ClipCore.TextSpan;

/// <summary>The greedy search of TEXTSPAN in coordinates of a head's span.</summary>
sealed class GreedySearch
{
    /// <summary>A text that explains at most this share of what the first one did explains rounding errors.</summary>
    const double LeastVariance = 1e-10;

    /// <summary>A text of which at most this share of its squared length is left has no direction of its own: (2⁻²⁴)² with room for sums.</summary>
    const double LeastLength = 1e-12;

    readonly HeadSpan _span;
    readonly double[] _covariance, _texts, _variances, _lengths;
    readonly int _size, _width, _textCount;

    /// <param name="span">The span.</param>
    /// <param name="texts">[t, e]</param>
    public GreedySearch(HeadSpan span, ReadOnlySpan<float> texts)
    {
        (_span, _size, _width) = (span, span.Rank, span.Mean.Length);
        _textCount = texts.Length / _width;
        _covariance = Covariance();
        _texts = new double[_textCount * _size];
        _lengths = new double[_textCount];
        double[] transposed = new double[_width * _size];
        for (int r = 0; r < _size; r++)
            for (int i = 0; i < _width; i++)
                transposed[(i * _size) + r] = span.Directions[(r * _width) + i];
        for (int t = 0; t < _textCount; t++)
        {
            Span<double> text = _texts.AsSpan(t * _size, _size);
            for (int i = 0; i < _width; i++)
            {
                double value = texts[(t * _width) + i];
                Doubles.AddScaled(transposed.AsSpan(i * _size, _size), value, text);
                _lengths[t] += value * value;
            }
        }
        _variances = new double[_textCount];
        double[] product = new double[_size];
        for (int t = 0; t < _textCount; t++)
        {
            ReadOnlySpan<double> text = _texts.AsSpan(t * _size, _size);
            Multiply(_covariance, text, product);
            _variances[t] = Doubles.Dot(product, text);
        }
    }

    public TextSpanResult Run(int count)
    {
        double total = Trace(), left = total, first = 0;
        List<int> indices = [];
        List<double> explained = [], ofSpan = [];
        int most = _span.Variance > 0 ? Math.Min(count, _size) : 0;
        double[] directions = new double[most * _width];
        double[] direction = new double[_size], w = new double[_size];
        for (int step = 0; step < most; step++)
        {
            int best = Best();
            if (best < 0 || !(_variances[best] > first * LeastVariance))
                break;
            if (step == 0)
                first = _variances[best];
            ReadOnlySpan<double> text = _texts.AsSpan(best * _size, _size);
            double length = Math.Sqrt(Doubles.Dot(text, text));
            for (int r = 0; r < _size; r++)
                direction[r] = text[r] / length;
            Multiply(_covariance, direction, w);
            double s = Doubles.Dot(direction, w);
            Deflate(direction, w, s);
            left -= s;
            indices.Add(best);
            explained.Add(Math.Clamp((total - left) / _span.Variance, 0, 1));
            ofSpan.Add(total > 0 ? Math.Clamp(1 - (left / total), 0, 1) : 0);
            Span<double> full = directions.AsSpan(step * _width, _width);
            for (int r = 0; r < _size; r++)
                Doubles.AddScaled(_span.Directions.AsSpan(r * _width, _width), direction[r], full);
        }
        return new TextSpanResult(
            [.. indices], [.. explained], [.. ofSpan], directions.AsSpan(0, indices.Count * _width).ToArray(), (double[])_span.Mean.Clone(), _size);
    }

    /// <summary>The text of the largest variance among those that have a direction of their own; −1 where there is none.</summary>
    int Best()
    {
        int best = -1;
        for (int t = 0; t < _textCount; t++)
            if ((best < 0 || _variances[t] > _variances[best]) && HasDirection(t))
                best = t;
        return best;
    }

    bool HasDirection(int t)
    {
        ReadOnlySpan<double> text = _texts.AsSpan(t * _size, _size);
        return Doubles.Dot(text, text) > _lengths[t] * LeastLength;
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

    /// <summary>The covariance in coordinates of the span, whose directions are the eigenvectors of the second moment: diag(moments) − μμᵀ.</summary>
    double[] Covariance()
    {
        double[] result = new double[_size * _size], means = new double[_size];
        for (int r = 0; r < _size; r++)
            means[r] = Doubles.Dot(_span.Directions.AsSpan(r * _width, _width), _span.Mean);
        for (int r = 0; r < _size; r++)
            for (int q = 0; q < _size; q++)
                result[(r * _size) + q] = (r == q ? _span.Moments[r] : 0) - (means[r] * means[q]);
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
