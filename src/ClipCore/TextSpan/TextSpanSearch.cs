using ClipCore.EffectSets;

namespace ClipCore.TextSpan;

/// <summary>
/// TEXTSPAN (arXiv 2310.05916, algorithm 1): greedily picks the texts whose directions explain most of the variance of a head's outputs. It needs the outputs
/// only through their mean and second moment. Double precision; of equal texts the first is picked. Safe for many threads.
/// </summary>
/// <remarks>
/// The search ends early where only rounding noise is left: when the best text's variance is at most 10⁻¹⁰ of that of the first one picked, or when no text has
/// more than 10⁻¹² of its squared length left outside the texts picked before. Outputs whose variance is at most 10⁻¹² of their mean square are constant: no
/// text is picked.
/// </remarks>
public static class TextSpanSearch
{
    /// <summary>Picks texts.</summary>
    /// <param name="statistics">The head's outputs. [n, e]</param>
    /// <param name="texts">Text representations. [t, e]</param>
    /// <param name="count">How many texts to pick, at most.</param>
    /// <param name="rank">Directions of the span, at most; the paper's code takes 80.</param>
    /// <param name="rule">Whether directions of rounding noise may be among them.</param>
    /// <exception cref="ArgumentException">There are no texts or no outputs, or the widths differ.</exception>
    public static TextSpanResult Run(SpanStatistics statistics, ReadOnlySpan<float> texts, int count, int rank = 80, SpanRule rule = SpanRule.NumericalRank) =>
        HeadSpan.Of(statistics, rank, rule).Pick(texts, count);

    /// <summary>
    /// Picks texts from statistics of a head's coordinates: the outputs are q B with q [c], so that everything happens in c dimensions whatever the width of
    /// the shared space.
    /// </summary>
    /// <param name="coordinates">Statistics of q. [n, c]</param>
    /// <param name="basis">B. [c, e]</param>
    /// <param name="texts">Text representations. [t, e]</param>
    /// <param name="count">How many texts to pick, at most.</param>
    /// <param name="rank">Directions of the span, at most.</param>
    /// <param name="rule">Whether directions of rounding noise may be among them.</param>
    /// <exception cref="ArgumentException">There are no texts or no outputs, or the widths differ.</exception>
    public static TextSpanResult Run(
        SpanStatistics coordinates, ReadOnlySpan<float> basis, ReadOnlySpan<float> texts, int count, int rank = 80, SpanRule rule = SpanRule.NumericalRank) =>
        HeadSpan.Of(coordinates, basis, rank, rule).Pick(texts, count);

    /// <summary>Picks texts from what a set of effects tells of a head: its outputs, or their coordinates where the set has those.</summary>
    /// <param name="head">What is known of the head's outputs.</param>
    /// <param name="texts">Text representations. [t, e]</param>
    /// <param name="count">How many texts to pick, at most.</param>
    /// <param name="rank">Directions of the span, at most.</param>
    /// <param name="rule">Whether directions of rounding noise may be among them.</param>
    /// <exception cref="ArgumentException">There are no texts or no outputs, or the widths differ.</exception>
    public static TextSpanResult Run(HeadStatistics head, ReadOnlySpan<float> texts, int count, int rank = 80, SpanRule rule = SpanRule.NumericalRank) =>
        HeadSpan.Of(head, rank, rule).Pick(texts, count);
}
