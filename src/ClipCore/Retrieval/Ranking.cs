namespace ClipCore.Retrieval;

/// <summary>From scores to rankings and compound queries.</summary>
static class Ranking
{
    /// <summary>The images with the largest scores, best first; of equal scores the lower index.</summary>
    /// <param name="scores">[n]</param>
    /// <param name="count">How many; all where there are fewer.</param>
    /// <param name="without">An image to leave out, such as the query itself; −1 for none.</param>
    public static int[] Top(ReadOnlySpan<double> scores, int count, int without = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double[] keys = new double[scores.Length];
        int[] order = new int[scores.Length];
        for (int i = 0; i < keys.Length; i++)
            (keys[i], order[i]) = (scores[i], i);
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return [.. order.Where(image => image != without).Take(count)];
    }

    /// <summary>
    /// The scores of a compound query, such as the colour of one image and the position of another: each term less its mean over the images and
    /// divided by its standard deviation, so that terms of different scales weigh alike, then summed. A term that is the same for all images adds nothing.
    /// </summary>
    /// <param name="terms">Scores of each term. [terms][n]</param>
    /// <returns>[n]</returns>
    /// <exception cref="ArgumentException">There is no term, or their lengths differ.</exception>
    public static double[] Combine(IReadOnlyList<double[]> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Count == 0 || terms.Any(term => term.Length != terms[0].Length))
            throw new ArgumentException("A compound query needs at least one term, and a score for every image in each.", nameof(terms));
        double[] sums = new double[terms[0].Length];
        foreach (double[] term in terms)
        {
            double mean = 0, squares = 0;
            foreach (double score in term)
                mean += score / term.Length;
            foreach (double score in term)
                squares += (score - mean) * (score - mean);
            double deviation = Math.Sqrt(squares / term.Length);
            if (deviation > 0)
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += (term[i] - mean) / deviation;
        }
        return sums;
    }
}
