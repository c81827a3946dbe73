namespace ClipCore.Tests.Retrieval;

/// <summary>Ranks and recall from scores of all images, one query at a time: what recall must agree with.</summary>
static class Ranks
{
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
