using ClipCore.Decomposition;

namespace ClipCore.Atlas;

/// <summary>What an atlas tells of one head. Immutable, safe for many threads.</summary>
/// <param name="Head">The head.</param>
/// <param name="Rank">Directions of its span.</param>
/// <param name="Texts">Its texts, in the order in which they were picked.</param>
/// <param name="Factors">What its texts are about, the largest share first; empty where the pool tells no factors.</param>
/// <param name="Label">The first factor where its share is large enough, else <see cref="Mixed"/>; empty where the pool tells no factors.</param>
/// <param name="MeanEffects">The head's mean effect on each class, less its mean over the classes; empty without classes. [c]</param>
public sealed record AtlasHead(
    ComponentLabel Head, int Rank, IReadOnlyList<HeadText> Texts, IReadOnlyList<HeadFactor> Factors, string Label, IReadOnlyList<double> MeanEffects)
{
    /// <summary>The label of a head whose texts are about no factor above all.</summary>
    public const string Mixed = "mixed";

    /// <summary>The share of the first factor, between 0 and 1: how much of what its texts explain is about one thing.</summary>
    public double Consistency => Factors.Count == 0 ? 0 : Factors[0].Share;
}
