namespace ClipCore.Cli.Results;

/// <summary>A number of the paper or of the model's card, measured. Accuracies and scores are shares.</summary>
sealed record ReproducedRow(string Table, string What, string Unit, double Measured, double? Expected, string? Source);
