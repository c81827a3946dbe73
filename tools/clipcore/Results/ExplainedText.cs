namespace ClipCore.Cli.Results;

/// <summary>A text and its scores.</summary>
sealed record ExplainedText(string Text, float Probability, float Cosine, float Logit);
