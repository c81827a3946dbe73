namespace ClipCore.Retrieval;

/// <summary>The score of an image's part for a query: the dot product with a text, or the cosine with an image's same part less the mean of the set.</summary>
sealed class TermScore
{
    readonly bool _isText;
    readonly float[] _query;
    readonly double[] _center;
    readonly double _length;

    /// <param name="isText">Whether the query is a text.</param>
    /// <param name="query">The query. [e]</param>
    /// <param name="center">What is taken off images. [e]</param>
    public TermScore(bool isText, float[] query, double[] center)
    {
        (_isText, _query, _center) = (isText, query, center);
        _length = Length(query);
    }

    /// <summary>An image's score; 0 where it, or the query, is no different from the mean.</summary>
    public double Of(ReadOnlySpan<float> part)
    {
        double dot = 0;
        if (_isText)
        {
            for (int j = 0; j < _query.Length; j++)
                dot += (double)part[j] * _query[j];
            return dot;
        }
        for (int j = 0; j < _query.Length; j++)
            dot += (part[j] - _center[j]) * (_query[j] - _center[j]);
        double length = Length(part);
        return _length > 0 && length > 0 ? dot / (_length * length) : 0;
    }

    double Length(ReadOnlySpan<float> vector)
    {
        double squares = 0;
        for (int j = 0; j < _center.Length; j++)
        {
            double value = vector[j] - _center[j];
            squares += value * value;
        }
        return Math.Sqrt(squares);
    }
}
