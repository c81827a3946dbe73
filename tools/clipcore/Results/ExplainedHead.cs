namespace ClipCore.Cli.Results;

/// <summary>A head that speaks most for or against the first text over the others.</summary>
sealed record ExplainedHead(string Label, int Layer, int Head, float Contrast);
