namespace ClipCore.Cli.Report;

/// <summary>A part of the model and its effect on something.</summary>
/// <param name="Label">Such as <c>L4.H3</c>.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Head">Its head.</param>
/// <param name="Effect">In units of cosine.</param>
readonly record struct HeadEffect(string Label, int Layer, int Head, float Effect);
