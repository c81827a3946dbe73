using System.Globalization;
using ClipCore.Cli.Report;
using ClipCore.Retrieval;

namespace ClipCore.Cli.Data;

/// <summary>Share of the queries that were answered within the first 1, 5 and 10 images.</summary>
/// <param name="Kind">What the queries were: captions or classes.</param>
/// <param name="Queries">How many.</param>
/// <param name="Shares">For each of <see cref="Cuts"/>.</param>
sealed record RetrievalRecall(string Kind, int Queries, double[] Shares)
{
    /// <summary>The numbers of images that count.</summary>
    public static ReadOnlySpan<int> Cuts => [1, 5, 10];

    /// <summary>Recall of texts against an index.</summary>
    /// <param name="kind">What the texts are.</param>
    /// <param name="index">The images.</param>
    /// <param name="texts">Unit text representations. [t, e]</param>
    /// <param name="isRight">Whether an image answers a text.</param>
    public static RetrievalRecall Of(string kind, PartIndex index, float[] texts, Func<int, int, bool> isRight)
    {
        int[] ranks = new int[texts.Length / index.EmbedWidth];
        for (int t = 0; t < ranks.Length; t++)
        {
            int text = t;
            ranks[t] = Ranking.RankOfFirst(index.SpeakFor(texts.AsSpan(t * index.EmbedWidth, index.EmbedWidth)), image => isRight(text, image));
        }
        double[] shares = new double[Cuts.Length];
        for (int i = 0; i < shares.Length; i++)
            shares[i] = Ranking.RecallAt(ranks, Cuts[i]);
        return new RetrievalRecall(kind, ranks.Length, shares);
    }
}
