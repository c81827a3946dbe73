namespace ClipCore.TextSpan;

/// <summary>Accuracies, shares between 0 and 1, with heads replaced by what some of their texts say.</summary>
/// <param name="Count">Texts of a head.</param>
/// <param name="Texts">With texts of the pool.</param>
/// <param name="CommonWords">With common words; null where none were given.</param>
/// <param name="Random">With random directions, one accuracy for each draw.</param>
public sealed record TextSpanAccuracy(int Count, double Texts, double? CommonWords, IReadOnlyList<double> Random);
