namespace ClipCore.Cli.Results;

/// <summary>Of <c>clipcore info</c>.</summary>
sealed record InfoResults(
    string Dialect, int EmbedWidth, float LogitScale, float LogitBias, long Parameters, Dictionary<string, int> Dtypes, long FileBytes,
    long MemoryBytes, TowerInfo? Vision, TowerInfo? Text, PreprocessInfo? Preprocessing, string? Tokenizer, string InstructionSet, int Threads,
    string[] Notes);
