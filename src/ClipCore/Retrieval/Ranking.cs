namespace ClipCore.Retrieval;

/// <summary>From scores to rankings, compound queries and recall.</summary>
public static class Ranking
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

    /// <summary>Recall at k: the share of the queries of which a right image is among the first k.</summary>
    /// <param name="ranks">The rank of the best right image of each query, counted from 0.</param>
    /// <param name="k">k.</param>
    public static double RecallAt(ReadOnlySpan<int> ranks, int k)
    {
        int hits = 0;
        foreach (int rank in ranks)
            hits += rank < k ? 1 : 0;
        return ranks.Length == 0 ? 0 : (double)hits / ranks.Length;
    }

    /// <summary>The rank of the best right image, counted from 0: how many wrong images come before it. Equal scores come in the order of the images.</summary>
    /// <param name="scores">[n]</param>
    /// <param name="isRight">Whether an image answers the query.</param>
    /// <exception cref="ArgumentException">No image answers it.</exception>
    public static int RankOfFirst(ReadOnlySpan<double> scores, Predicate<int> isRight)
    {
        ArgumentNullException.ThrowIfNull(isRight);
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
            if (isRight(i) && (best < 0 || scores[i] > scores[best]))
                best = i;
        if (best < 0)
            throw new ArgumentException("No image answers the query.", nameof(isRight));
        int rank = 0;
        for (int i = 0; i < scores.Length; i++)
            if (scores[i] > scores[best] || (scores[i] == scores[best] && i < best))
                rank++;
        return rank;
    }
}
