using ClipCore.Decomposition;
using ClipCore.EffectSets;
using ClipCore.Lanes;

namespace ClipCore.TextSpan;

/// <summary>Heads replaced by their first texts, for many numbers of texts at once: the texts' shares of one image are added one by one.</summary>
sealed class ReplacementArm
{
    readonly (ComponentLabel Head, TextSpanResult Span)[] _heads;
    readonly int[] _counts;
    readonly int _most;
    readonly double[] _means, _centered, _sum, _shares;
    readonly long[] _right;

    public ReplacementArm(IReadOnlyDictionary<ComponentLabel, TextSpanResult> spans, IReadOnlyList<int> counts, int width)
    {
        _heads = [.. spans.Select(pair => (pair.Key, pair.Value))];
        _counts = [.. counts];
        _right = new long[counts.Count];
        _most = Math.Min(counts.Max(), _heads.Max(head => head.Span.Indices.Length));
        (_means, _centered, _sum, _shares) = (new double[width], new double[width], new double[width], new double[_most * width]);
        foreach ((_, TextSpanResult span) in _heads)
            Doubles.AddScaled(span.Mean, 1, _means);
    }

    /// <summary>Images that were right, for each number of texts.</summary>
    public ReadOnlySpan<long> Right => _right;

    /// <summary>Judges one image.</summary>
    /// <param name="rest">What stays of it: all that is not replaced, and the means of early heads. [e]</param>
    /// <param name="effects">Its effects.</param>
    /// <param name="classifier">The classes.</param>
    /// <param name="label">Its class.</param>
    /// <param name="scores">Work space. [c]</param>
    public void Add(ReadOnlySpan<double> rest, EffectReader effects, LinearClassifier classifier, int label, double[] scores)
    {
        int width = _means.Length;
        rest.CopyTo(_sum);
        Doubles.AddScaled(_means, 1, _sum);
        Array.Clear(_shares);
        foreach ((ComponentLabel head, TextSpanResult span) in _heads)
        {
            ReadOnlySpan<float> output = effects.Of(head);
            for (int i = 0; i < width; i++)
                _centered[i] = output[i] - span.Mean[i];
            // Directions of a head are orthonormal, so that each text's coordinate is that of the output as it is.
            for (int m = 0; m < Math.Min(_most, span.Indices.Length); m++)
            {
                ReadOnlySpan<double> direction = span.Directions.AsSpan(m * width, width);
                Doubles.AddScaled(direction, Doubles.Dot(_centered, direction), _shares.AsSpan(m * width, width));
            }
        }
        for (int m = 0; m <= _most; m++)
        {
            for (int point = 0; point < _counts.Length; point++)
                if (Math.Min(_counts[point], _most) == m)
                {
                    classifier.Project((ReadOnlySpan<double>)_sum, scores);
                    _right[point] += LinearClassifier.Best(scores) == label ? 1 : 0;
                }
            if (m < _most)
                Doubles.AddScaled(_shares.AsSpan(m * width, width), 1, _sum);
        }
    }
}
