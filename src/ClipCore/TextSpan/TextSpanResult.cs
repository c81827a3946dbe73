namespace ClipCore.TextSpan;

/// <summary>Texts that span a head's outputs. Safe for many threads.</summary>
/// <param name="Indices">
/// The texts in the order in which they were picked; fewer than were asked for where nothing but rounding noise was left to explain. [m]
/// </param>
/// <param name="ExplainedVariance">
/// Share, between 0 and 1, of the whole outputs' variance that the texts so far explain; what a smaller rank cut off counts as unexplained. [m]
/// </param>
/// <param name="ExplainedOfSpan">Share, between 0 and 1, of the variance within the span that the texts so far explain. [m]</param>
/// <param name="Directions">Orthonormal directions, one a text. [m, e]</param>
/// <param name="Mean">Mean of the outputs. [e]</param>
/// <param name="Rank">Directions of the span.</param>
public sealed record TextSpanResult(int[] Indices, double[] ExplainedVariance, double[] ExplainedOfSpan, double[] Directions, double[] Mean, int Rank)
{
    /// <summary>Replaces a vector by its reconstruction from the first texts: mean + (x − mean) U Uᵀ. In place. [e]</summary>
    /// <param name="vector">The head's output for an image.</param>
    /// <param name="texts">How many texts; all of them by default.</param>
    /// <exception cref="ArgumentException">The vector has not e floats.</exception>
    public void Reconstruct(Span<float> vector, int texts = int.MaxValue)
    {
        int width = Mean.Length;
        if (vector.Length != width)
            throw new ArgumentException($"An output has {width} floats, but {vector.Length} were given.", nameof(vector));
        double[] result = (double[])Mean.Clone();
        for (int m = 0; m < Math.Min(texts, Indices.Length); m++)
        {
            ReadOnlySpan<double> direction = Directions.AsSpan(m * width, width);
            double coordinate = 0;
            for (int i = 0; i < width; i++)
                coordinate += (vector[i] - Mean[i]) * direction[i];
            for (int i = 0; i < width; i++)
                result[i] += coordinate * direction[i];
        }
        for (int i = 0; i < width; i++)
            vector[i] = (float)result[i];
    }
}
