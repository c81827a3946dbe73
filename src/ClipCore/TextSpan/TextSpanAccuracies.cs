namespace ClipCore.TextSpan;

/// <summary>How much of a model's accuracy the texts of its heads keep (arXiv 2310.05916, figure of TEXTSPAN), beside controls.</summary>
/// <param name="Baseline">Accuracy with nothing replaced, a share between 0 and 1.</param>
/// <param name="Points">A point for each number of texts, in the order in which the numbers were given.</param>
public sealed record TextSpanAccuracies(double Baseline, IReadOnlyList<TextSpanAccuracy> Points);
