namespace ClipCore.Cli.Results;

/// <summary>Accuracies with each head replaced by its first texts.</summary>
sealed record SpanAccuracy(int Count, double Accuracy, double? CommonWords, double[] Random);
