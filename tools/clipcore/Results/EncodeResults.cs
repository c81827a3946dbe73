namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore encode</c>.</summary>
sealed record EncodeResults(
    int EmbedWidth, bool Normalized, string[] Images, float[][] ImageRepresentations, string[] Texts, float[][] TextRepresentations, string[] Written,
    SkippedInput[] Skipped);
