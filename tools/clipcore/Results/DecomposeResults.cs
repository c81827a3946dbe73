namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore decompose</c>.</summary>
sealed record DecomposeResults(
    string[] Images, string Convention, string By, int Layers, int Heads, int Tokens, string[] Texts, float[] Completeness, string[] Written,
    SkippedInput[] Skipped);
