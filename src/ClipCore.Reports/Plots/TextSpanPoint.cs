namespace ClipCore.Reports.Plots;

/// <summary>Accuracies with heads replaced by what as many texts say of them; all from 0 to 1.</summary>
/// <param name="Count">Texts of a head.</param>
/// <param name="Texts">With the texts of the pool.</param>
/// <param name="CommonWords">With common words in their place.</param>
/// <param name="Random">With random directions in their place, a value for each draw.</param>
public sealed record TextSpanPoint(int Count, double Texts, double CommonWords, IReadOnlyList<double> Random);
