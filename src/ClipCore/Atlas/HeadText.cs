namespace ClipCore.Atlas;

/// <summary>One text of a head.</summary>
/// <param name="Index">The text, an index into the pool.</param>
/// <param name="Text">The text.</param>
/// <param name="ExplainedVariance">Share of the head's variance that the texts so far explain, between 0 and 1.</param>
/// <param name="ExplainedOfSpan">The same share of the variance within the head's span.</param>
/// <param name="Top">Images on which the head speaks most for the text, the first most; of equal ones the lower index first.</param>
/// <param name="Bottom">Images on which it speaks least for it, the first least.</param>
public sealed record HeadText(
    int Index, string Text, double ExplainedVariance, double ExplainedOfSpan, IReadOnlyList<ScoredImage> Top, IReadOnlyList<ScoredImage> Bottom);
