using ClipCore.Numerics;

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
        _length = OrderedSums.Length(query, center);
    }

    /// <summary>An image's score; 0 where it, or the query, is no different from the mean.</summary>
    public double Of(ReadOnlySpan<float> part)
    {
        if (_isText)
            return OrderedSums.Dot(_query, part);
        double length = OrderedSums.Length(part, _center);
        return _length > 0 && length > 0 ? OrderedSums.Dot(part, _query, _center) / (_length * length) : 0;
    }
}
