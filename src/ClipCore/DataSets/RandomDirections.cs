namespace ClipCore.DataSets;

/// <summary>Random directions with the same mean and spread along each axis as a pool of texts: what texts must beat.</summary>
static class RandomDirections
{
    /// <summary>As many random rows as the pool has. The same seed gives the same rows everywhere.</summary>
    /// <param name="texts">Representations of the pool. [t, e]</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="embedWidth">e.</param>
    /// <returns>[t, e]</returns>
    /// <exception cref="ArgumentException">The length is not a whole number of rows.</exception>
    public static float[] Like(ReadOnlySpan<float> texts, int seed, int embedWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(embedWidth, 1);
        if (texts.Length == 0 || texts.Length % embedWidth != 0)
            throw new ArgumentException(
                $"Texts are rows of {embedWidth} floats: {texts.Length} floats are not a whole number of them, or none.", nameof(texts));
        int rows = texts.Length / embedWidth;
        double[] mean = new double[embedWidth], spread = new double[embedWidth];
        for (int t = 0; t < rows; t++)
            for (int i = 0; i < embedWidth; i++)
                mean[i] += texts[(t * embedWidth) + i] / (double)rows;
        for (int t = 0; t < rows; t++)
            for (int i = 0; i < embedWidth; i++)
            {
                double difference = texts[(t * embedWidth) + i] - mean[i];
                spread[i] += difference * difference / rows;
            }
        SplitMix64 numbers = new((uint)seed * SplitMix64.Step);
        float[] random = new float[texts.Length];
        for (int i = 0; i < random.Length; i++)
        {
            // The sum of twelve even numbers is normal enough, and exact to reproduce.
            double sum = -6;
            for (int k = 0; k < 12; k++)
                sum += numbers.NextDouble();
            random[i] = (float)(mean[i % embedWidth] + (sum * Math.Sqrt(spread[i % embedWidth])));
        }
        return random;
    }
}
